import { countText, durationText } from '../../hosts/wording.js';
import type { Pattern } from '../pattern.js';
import { OPENING } from '../signs.js';
import { type SynSchedule, synSchedule } from './syn-schedule.js';

/** One SYN at the very end of a capture is not unanswered yet. */
export const PATIENCE = 0.9e9;

interface Evidence {
  syns: number;
  /** Nanoseconds from the first to the last SYN. */
  span: number;
  schedule: SynSchedule;
  /** The client has nothing left to try. */
  gaveUp: boolean;
}

export const synUnanswered: Pattern<'syn-unanswered', Evidence> = {
  id: 'syn-unanswered',
  title: 'SYN never answered',
  severity: 'failure',
  needs: OPENING,
  about: `The client asks for a connection, again and again, and nothing comes back: no SYN-ACK, no reset, no ICMP error.
    Somewhere between the client's network card and the listening socket the SYN, or the answer to it, is thrown away in silence.`,
  example: `
    0.000 > S 1000:1000(0) win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>     # syn-unanswered
    1.020 > S 1000:1000(0) win 64240 <mss 1460,sackOK,TS val 1120 ecr 0,nop,wscale 7>    # syn-unanswered
    3.040 > S 1000:1000(0) win 64240 <mss 1460,sackOK,TS val 3140 ecr 0,nop,wscale 7>    # syn-unanswered
  `,
  recognise({ role }, { client, server, icmp, silence }) {
    if (role !== 'client') return undefined;
    const { syns } = client;
    if (syns.length === 0 || server.endpoint.segments > 0 || client.endpoint.segments > syns.length || icmp.length > 0) return undefined;
    if (syns.length === 1 && silence < PATIENCE) return undefined;
    const schedule = synSchedule(syns);
    const span = (syns.at(-1)?.time ?? 0) - (syns[0]?.time ?? 0);
    return { evidence: { syns: syns.length, span, schedule, gaveUp: client.endpoint.state !== 3 }, moments: syns };
  },
  tell: ({ syns, span, gaveUp }) =>
    syns === 1
      ? 'The SYN was never answered.'
      : `${countText(syns, 'SYN')} in ${durationText(span)}, none answered${gaveUp ? '; the client has given up' : ''}.`,
};
