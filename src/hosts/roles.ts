import { earlier, type Host, type HostTable } from './host.js';
import type { Outline } from './outline.js';

const NEVER = Number.POSITIVE_INFINITY;

/** The addresses that were a client or a server of some conversation, also of one that is forgotten. */
export class Roles {
  constructor(private readonly hosts: HostTable) {}

  learn({ flow: { stream }, client, server }: Outline): void {
    client.asClient = earlier(client.asClient, stream);
    server.asServer = earlier(server.asServer, stream);
  }

  isCaptured(host: string): boolean {
    return this.hosts.get(host) !== undefined;
  }

  /** In the order in which they appear. */
  of(role: 'client' | 'server'): readonly string[] {
    const firstOf = ({ asClient, asServer }: Host): number => (role === 'client' ? asClient : asServer) ?? NEVER;
    const players = this.hosts.those((host) => firstOf(host) !== NEVER).toSorted((a, b) => firstOf(a) - firstOf(b));
    return players.map(({ address }) => address);
  }
}
