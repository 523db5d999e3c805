import type { Flow } from '../flow/flow.js';
import { hostKey, hostsKey } from './host-key.js';
import type { Trace } from './trace.js';

/** A conversation that only one capture shows, and which of its endpoints (0 or 1) sends from the one capture towards the other. */
export interface Lonely {
  readonly stream: number;
  readonly sender: 0 | 1;
}

/**
 * Conversations that only one capture shows although others between the same two hosts pass both points with the same addresses: every segment
 * was lost before it got there, or came from the way itself. `known`: conversations that both show, as flows of this trace and of the other;
 * `streams`: all flows of this trace that belong to one of them.
 */
export function lonely(
  trace: Trace,
  known: readonly { readonly flow: Flow; readonly sender: 0 | 1; readonly twin: Flow }[],
  streams: ReadonlySet<number>,
): Lonely[] {
  const untranslated = known.filter(({ flow, twin }) => hostsKey(flow) === hostsKey(twin));
  const senders = new Map(untranslated.map(({ flow, sender }) => [hostsKey(flow), hostKey(sender === 0 ? flow.first : flow.second)]));
  return trace.flows.flatMap((flow) => {
    const sender = senders.get(hostsKey(flow));
    if (sender === undefined || streams.has(flow.stream)) return [];
    return [{ stream: flow.stream, sender: hostKey(flow.first) === sender ? 0 : 1 }];
  });
}
