import { REQUEST_LIFE } from '../../flow/timers/schedules.js';
import { hostText } from '../../hosts/address.js';
import { longestRun } from '../../hosts/longest-run.js';
import { countText, durationText } from '../../hosts/wording.js';
import { PATIENCE } from '../connecting/syn-unanswered.js';
import type { HostPattern } from '../pattern.js';

interface Evidence {
  /** Half-open connections at the same time, at most. */
  most: number;
  /** SYNs that were ignored while they were open. */
  ignored: number;
  /** Connections accepted meanwhile. */
  accepted: number;
  /** Different client addresses among the half-open ones. */
  clients: number;
  /** Nanoseconds from the first to the last attempt. */
  span: number;
  /** Their SYN-ACKs withheld options that were offered. */
  withoutOptions: number;
}

const MANY = 4;

export const halfOpenPile: HostPattern<'half-open-pile', Evidence> = {
  id: 'half-open-pile',
  title: 'Half-open connections pile up',
  severity: 'warning',
  about: `One listener has answered many SYNs whose handshake nobody completes: each waits in its queue for an ACK, and new SYNs may find no room there.
    Either the SYNs are forged, or the answers do not reach those who sent them.`,
  example: `
    0.000 1> S  1000:1000(0)          win 64240 <mss 1460>    # half-open-pile
    0.001 1< S. 5000:5000(0) ack 1001 win 64240 <mss 1460>
    0.002 2> S  1000:1000(0)          win 64240 <mss 1460>    # half-open-pile
    0.003 2< S. 5000:5000(0) ack 1001 win 64240 <mss 1460>
    0.004 3> S  1000:1000(0)          win 64240 <mss 1460>    # half-open-pile
    0.005 3< S. 5000:5000(0) ack 1001 win 64240 <mss 1460>
    0.006 4> S  1000:1000(0)          win 64240 <mss 1460>    # half-open-pile
    0.007 4< S. 5000:5000(0) ack 1001 win 64240 <mss 1460>
  `,
  recognise({ listeners, closes }) {
    return listeners.withHalfOpen(MANY).flatMap((listener) => {
      const halfOpen = listener.attempts.filter(({ attempt }) => attempt === 'half-open').toSorted((a, b) => a.from - b.from);
      const most = longestRun(halfOpen, (oldest, newest) => newest.from - oldest.from < REQUEST_LIFE).length;
      const [first] = halfOpen;
      if (first === undefined || most < MANY) return [];
      const last = halfOpen.at(-1) ?? first;
      const unanswered = listener.during(first.from, last.from + REQUEST_LIFE, 'unanswered');
      const meanwhile = unanswered.filter(({ from, to }) => to > from || closes.until - to >= PATIENCE); // the answer to the others may yet come
      const accepted = listener.during(first.from, last.from + REQUEST_LIFE, 'accepted');
      const clients = new Set(halfOpen.map(({ client }) => hostText(client))).size;
      const withoutOptions = halfOpen.filter(({ fullOptions }) => !fullOptions).length;
      const evidence = { most, ignored: meanwhile.length, accepted: accepted.length, clients, span: last.from - first.from, withoutOptions };
      const shown = [...halfOpen, ...meanwhile];
      return [
        {
          subject: listener.socket,
          evidence,
          streams: shown.map(({ stream }) => stream),
          frames: shown.map(({ frame }) => frame),
          severity: meanwhile.length > 0 ? 'failure' : 'warning',
        },
      ];
    });
  },
  tell: ({ most, ignored, accepted, span }) =>
    `${countText(most, 'half-open connection')} at the same time, opened within ${durationText(span)}; meanwhile ${countText(accepted, 'connection')} accepted and ${countText(ignored, 'SYN')} ignored.`,
};
