import type { Case } from '../cause.js';

/** SYNs to the same port that were refused after the server had reset this connection, and no attempt accepted in between. */
export function refusedAfterReset({ story, hosts }: Case): number {
  const reset = story.server.resets[0]?.time ?? Number.POSITIVE_INFINITY;
  const later = hosts.listeners.called(story.serverSocket).attempts.filter(({ from }) => from > reset);
  const begun = later.toSorted((a, b) => a.from - b.from).findIndex(({ attempt }) => attempt !== 'refused');
  return begun < 0 ? later.length : begun;
}
