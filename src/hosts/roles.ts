import { FirstNames } from './first.js';
import type { Outline } from './outline.js';

export type Role = 'client' | 'server';

/** So many hosts are kept; a flood can forge any number of them. */
const MOST_HOSTS = 65_536;

/** A host in one of the two roles. */
class Player {
  first = 0;

  merge(): void {}
}

/** The addresses that were a client or a server of some conversation, also of one that is forgotten. */
export class Roles {
  private readonly hosts: Readonly<Record<Role, FirstNames<Player>>> = { client: new FirstNames(MOST_HOSTS), server: new FirstNames(MOST_HOSTS) };

  learn({ flow: { stream }, client, server }: Outline): void {
    this.hosts.client.of(client.host, stream, player);
    this.hosts.server.of(server.host, stream, player);
  }

  isCaptured(host: string): boolean {
    return this.hosts.client.get(host) !== undefined || this.hosts.server.get(host) !== undefined;
  }

  /** In the order in which they appear. */
  of(role: Role): readonly string[] {
    return this.hosts[role].names;
  }

  merge(other: Roles): void {
    this.hosts.client.merge(other.hosts.client);
    this.hosts.server.merge(other.hosts.server);
  }
}

function player(): Player {
  return new Player();
}
