import type { HostTable } from './host.js';
import type { Outline } from './outline.js';

/** The addresses that were a client or a server of some conversation, also of one that is forgotten. */
export class Roles {
  constructor(private readonly hosts: HostTable) {}

  learn({ flow: { stream }, client, server }: Outline): void {
    client.host.asClient = Math.min(client.host.asClient, stream);
    server.host.asServer = Math.min(server.host.asServer, stream);
  }

  isCaptured(host: string): boolean {
    return this.hosts.get(host) !== undefined;
  }

  /** In the order in which they appear. */
  of(role: 'client' | 'server'): readonly string[] {
    const by = role === 'client' ? 'asClient' : 'asServer';
    const players = this.hosts.those((host) => Number.isFinite(host[by])).toSorted((a, b) => a[by] - b[by]);
    return players.map(({ address }) => address);
  }
}
