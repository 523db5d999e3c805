import type { Flow } from '../flow/flow.js';
import { awaySide, type Conversation, missing } from './conversation.js';
import { hostKey } from './host-key.js';
import type { Recorded } from './recorded.js';

/**
 * Of each conversation the endpoint (0 or 1) that sends from the one capture towards the other. Where it does not tell by itself, others of
 * the same host do; where none tells, what is missing where, of all of them; and then the client is nearer to the one.
 */
export function sendersOf(conversations: readonly Conversation[], { trace }: Recorded): (0 | 1)[] {
  const flows = conversations.map(({ pairing }) => trace.flows[pairing.one] as Flow);
  const own = conversations.map(awaySide);
  const votes = new Map<string, number>();
  const vote = (host: string, weight: number): Map<string, number> => votes.set(host, (votes.get(host) ?? 0) + weight);
  let missingOfClients = 0;
  flows.forEach(({ first, second, client }, i) => {
    if (own[i] === undefined) missingOfClients += missing(conversations[i] as Conversation) * (client === first ? 1 : -1);
    else {
      vote(hostKey(first), own[i] === 0 ? 1 : -1);
      vote(hostKey(second), own[i] === 1 ? 1 : -1);
    }
  });
  return flows.map(({ first, second, client }, i) => {
    const balance = (votes.get(hostKey(first)) ?? 0) - (votes.get(hostKey(second)) ?? 0);
    const nearer = missingOfClients >= 0 ? client : client === first ? second : first;
    return own[i] ?? (balance > 0 || (balance === 0 && nearer === first) ? 0 : 1);
  });
}
