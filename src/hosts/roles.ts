import type { HostTable } from './host.js';
import { NEVER } from './memory/first.js';
import type { Outline } from './outline.js';

/** The addresses that were a client or a server of some conversation, also of one that is forgotten. */
export class Roles {
  constructor(private readonly hosts: HostTable) {}

  learn({ flow: { stream }, client, server }: Outline): void {
    if (client !== undefined && stream < client.asClient) client.asClient = stream;
    if (server !== undefined && stream < server.asServer) server.asServer = stream;
  }

  isCaptured(host: string): boolean {
    return this.hosts.called(host) !== undefined;
  }

  /** In the order in which they appear. */
  of(role: 'client' | 'server'): readonly string[] {
    const which = role === 'client' ? 'asClient' : 'asServer';
    const players = this.hosts.map(
      (host) => host[which] !== NEVER,
      (host) => host[which],
    );
    return players.sort(([, a], [, b]) => a - b).map(([address]) => address);
  }
}
