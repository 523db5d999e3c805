import type { Case } from '../cause.js';
import { queuesDuring } from './queues.js';

/** SYNs to the same port that were refused after the server had reset this connection, and no attempt accepted in between. */
export function refusedAfterReset({ story, hosts }: Case): number {
  const reset = story.server.resets[0]?.time ?? Number.POSITIVE_INFINITY;
  const later = hosts.listeners.called(story.serverSocket).attempts.filter(({ from }) => from > reset);
  const begun = later.toSorted((a, b) => a.from - b.from).findIndex(({ attempt }) => attempt !== 'refused');
  return begun < 0 ? later.length : begun;
}

/** Other connections may have filled the accept queue when this handshake was reset: only a capture at the server shows that there were none. */
export function hasWaitingOthers(given: Case): boolean {
  const { story, part } = given;
  const { accepted, quiet, unanswered } = queuesDuring(given, story.server.syns[0]?.time ?? 0, story.flow.lastTime);
  return !story.isAt(part) || accepted + quiet + unanswered > 0;
}
