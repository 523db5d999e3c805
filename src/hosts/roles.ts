import type { Flow } from '../flow/flow.js';
import { hostText } from './address.js';

/** The addresses that were a client or a server of some conversation, also of one that is forgotten. */
export class Roles {
  readonly client: Set<string> = new Set();
  readonly server: Set<string> = new Set();

  learn({ client, server }: Flow): void {
    this.client.add(hostText(client));
    this.server.add(hostText(server));
  }
}
