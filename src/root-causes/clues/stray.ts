import type { Stray } from '../../hosts/strays.js';

/** It came from the address that the connection is with, and another port of it. */
export function hasOnlyAnotherPort({ alias, peer }: Stray): boolean {
  return hostOf(alias) === hostOf(peer);
}

function hostOf(socket: string): string {
  return socket.slice(0, socket.lastIndexOf(':'));
}
