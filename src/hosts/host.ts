import type { Endpoint } from '../flow/endpoint.js';
import type { Endings } from './aborts.js';
import { hostText } from './address.js';
import type { Looks } from './fingerprint.js';
import { FirstNames } from './first.js';

/** So many hosts are kept; a flood can forge any number of them. */
const MOST_HOSTS = 65_536;

/** What all flows of one address say about it. */
export class Host {
  first = 0;
  /** The first flows in which it was the client, and the server. */
  asClient: number = Number.POSITIVE_INFINITY;
  asServer: number = Number.POSITIVE_INFINITY;
  /** How many flows say that the capture was made on it, and how many say that it was not. */
  here = 0;
  elsewhere = 0;
  /** Without a SYN of it nothing is known. */
  looks: Looks | undefined = undefined;
  endings: Endings | undefined = undefined;

  constructor(readonly address: string) {}

  merge(other: Host): void {
    this.asClient = Math.min(this.asClient, other.asClient);
    this.asServer = Math.min(this.asServer, other.asServer);
    this.here += other.here;
    this.elsewhere += other.elsewhere;
    if (this.looks === undefined) this.looks = other.looks;
    else if (other.looks !== undefined) this.looks.merge(other.looks);
    if (this.endings === undefined) this.endings = other.endings;
    else if (other.endings !== undefined) this.endings.merge(other.endings);
  }
}

/** The hosts of a capture by their addresses. */
export class HostTable {
  private readonly byAddress = new FirstNames<Host>(MOST_HOSTS);

  /** The host of an endpoint, on behalf of a flow. */
  of(endpoint: Endpoint, stream: number): Host {
    return this.byAddress.of(hostText(endpoint), stream, hostAt);
  }

  /** To be asked for when all flows are known. */
  get(address: string): Host | undefined {
    return this.byAddress.get(address);
  }

  /** By the first flow of each. */
  those(isMeant: (host: Host) => boolean): readonly Host[] {
    return this.byAddress.those(isMeant);
  }

  merge(other: HostTable): void {
    this.byAddress.merge(other.byAddress);
  }
}

function hostAt(address: string): Host {
  return new Host(address);
}
