import type { Endpoint } from '../../flow/endpoint.js';
import { mixed, SECRET } from '../../flow/memory/secret.js';
import { type Address, isSameAddress } from '../address.js';
import { type RowClass, rowOf } from '../memory/row.js';

/** A connection that an end closed first. */
interface CloseNumbers {
  opened: number;
  closed: number;
  isClient: boolean;
  frame: number;
  family: number;
  client0: number;
  client1: number;
  client2: number;
  client3: number;
  clientPort: number;
  server0: number;
  server1: number;
  server2: number;
  server3: number;
  port: number;
}

const CloseRecord: RowClass<CloseNumbers> = rowOf<CloseNumbers>({
  opened: 'real',
  closed: 'real',
  isClient: 'flag',
  frame: 'int',
  family: 'int',
  client0: 'int',
  client1: 'int',
  client2: 'int',
  client3: 'int',
  clientPort: 'int',
  server0: 'int',
  server1: 'int',
  server2: 'int',
  server3: 'int',
  port: 'int',
});

export class CloseRow extends CloseRecord {
  between(client: Endpoint, server: Endpoint): void {
    this.family = client.family;
    this.client0 = client.address0;
    this.client1 = client.address1;
    this.client2 = client.address2;
    this.client3 = client.address3;
    this.clientPort = client.port;
    this.server0 = server.address0;
    this.server1 = server.address1;
    this.server2 = server.address2;
    this.server3 = server.address3;
    this.port = server.port;
  }

  get client(): Address {
    const { family, client0: address0, client1: address1, client2: address2, client3: address3 } = this;
    return { family, address0, address1, address2, address3 };
  }

  get server(): Address {
    const { family, server0: address0, server1: address1, server2: address2, server3: address3 } = this;
    return { family, address0, address1, address2, address3 };
  }

  /** Whether the same host closed both, towards the same server. */
  isLike(other: CloseRow): boolean {
    const { isClient, port, client, server } = this;
    if (isClient !== other.isClient || port !== other.port || !isSameAddress(server, other.server)) return false;
    return !isClient || isSameAddress(client, other.client);
  }

  /** Of all that the same host closed towards the same server the same. */
  get hash(): number {
    const { isClient, client0, client1, client2, client3, server0, server1, server2, server3, port } = this;
    const server = mixed(mixed(mixed(mixed(port ^ SECRET, server0), server1), server2), server3);
    return isClient ? mixed(mixed(mixed(mixed(server, client0), client1), client2), client3) : server;
  }
}
