import type { Case } from '../cause.js';

/** The server never sent a byte, and its listener left others waiting: nobody may have accepted this connection. */
export function mayBeUnaccepted({ part, hosts, story }: Case): boolean {
  if (part.role !== 'server' || part.endpoint.dataSegments > 0) return false;
  const { counts } = hosts.listeners.called(story.serverSocket);
  return counts['not accepted'] + counts.unanswered > 0;
}
