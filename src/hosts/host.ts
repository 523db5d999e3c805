import type { Endpoint } from '../flow/endpoint.js';
import type { Aborted } from './aborts.js';
import { type Address, addressHash, hostText, isSameAddress } from './address.js';
import type { Looks } from './fingerprint.js';
import { type First, mergedFirst } from './first.js';
import { FirstNames } from './first-names.js';
import type { FirstTimes } from './first-times.js';

/** What all flows of one address say about it. */
export class Host implements Address {
  readonly family: number;
  readonly address0: number;
  readonly address1: number;
  readonly address2: number;
  readonly address3: number;
  first = 0;
  next: Host | undefined = undefined;
  /** The first flows in which it was the client, and the server. */
  asClient: number | undefined = undefined;
  asServer: number | undefined = undefined;
  /** How many more flows say that the capture was made on it than say that it was not. */
  votes = 0;
  /** Without a SYN of it nothing is known. */
  looks: Looks | undefined = undefined;
  /** Connections that it has reset, and when it has closed others with a FIN. */
  aborted: First<Aborted> | undefined = undefined;
  closed: FirstTimes | undefined = undefined;
  private written: string | undefined = undefined;

  constructor({ family, address0, address1, address2, address3 }: Address) {
    this.family = family;
    this.address0 = address0;
    this.address1 = address1;
    this.address2 = address2;
    this.address3 = address3;
  }

  /** As text. */
  get address(): string {
    this.written ??= hostText(this);
    return this.written;
  }

  get hash(): number {
    return addressHash(this);
  }

  isNamed(address: Address): boolean {
    return isSameAddress(this, address);
  }

  merge(other: Host): void {
    this.asClient = earlier(this.asClient, other.asClient);
    this.asServer = earlier(this.asServer, other.asServer);
    this.votes += other.votes;
    if (this.looks === undefined) this.looks = other.looks;
    else if (other.looks !== undefined) this.looks.merge(other.looks);
    this.aborted = mergedFirst(this.aborted, other.aborted);
    if (this.closed === undefined) this.closed = other.closed;
    else if (other.closed !== undefined) this.closed.merge(other.closed);
  }
}

/** Of two flows, either of which may be undefined. */
export function earlier(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || (other !== undefined && other < one) ? other : one;
}

/** The hosts of a capture by their addresses. */
export class HostTable {
  private readonly byAddress = new FirstNames<Address, Host>();

  /** The host of an endpoint, on behalf of a flow. */
  of(endpoint: Endpoint, stream: number): Host {
    return this.byAddress.of(endpoint, addressHash(endpoint), stream) ?? this.byAddress.add(new Host(endpoint), stream);
  }

  /** There were more than are kept. */
  get isCrowded(): boolean {
    return this.byAddress.isCrowded;
  }

  /** To be asked for when all flows are known. */
  at(address: Address): Host | undefined {
    return this.byAddress.get(address, addressHash(address));
  }

  /** As `at`, by the address as text. */
  get(address: string): Host | undefined {
    return this.byAddress.called(address, (host) => host.address);
  }

  /** By the first flow of each. */
  those(isMeant: (host: Host) => boolean): readonly Host[] {
    return this.byAddress.those(isMeant);
  }

  merge(other: HostTable): void {
    this.byAddress.merge(other.byAddress);
  }
}
