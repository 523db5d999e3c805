import { countText, durationText } from '../../hosts/wording.js';
import type { Pattern } from '../pattern.js';
import { STALLS } from '../signs.js';

interface Evidence {
  stalls: number;
  /** Nanoseconds in all. */
  time: number;
  /** Nanoseconds that the ACK took on average. */
  typical: number;
}

const FEW = 3;

/** Told of the sender. */
export const nagleDelayedAck: Pattern<'nagle-delayed-ack', Evidence> = {
  id: 'nagle-delayed-ack',
  title: 'Small writes wait for delayed ACKs',
  severity: 'warning',
  needs: STALLS,
  about: `The application writes a message in two small pieces. The first goes out at once; the second waits, as Nagle's algorithm asks, until the first is
    acknowledged; the receiver waits as well, in the hope of sending its ACK along with an answer. Each message loses 40 ms that way.`,
  example: `
    0.000 > S  1000:1000(0)          win 64240 <mss 1460>
    0.001 < S. 5000:5000(0) ack 1001 win 64240 <mss 1460>
    0.001 > .  1001:1001(0) ack 5001 win 64240
    0.002 > P. 1001:1051(50) ack 5001 win 64240
    0.043 < .  5001:5001(0) ack 1051 win 64240
    0.043 > P. 1051:1101(50) ack 5001 win 64240    # nagle-delayed-ack
    0.084 < .  5001:5001(0) ack 1101 win 64240
    0.084 > P. 1101:1151(50) ack 5001 win 64240    # nagle-delayed-ack
    0.125 < .  5001:5001(0) ack 1151 win 64240
    0.125 > P. 1151:1201(50) ack 5001 win 64240    # nagle-delayed-ack
  `,
  recognise(part) {
    const { pace } = part.endpoint;
    if (pace === undefined || pace.nagleStallCount < FEW) return undefined;
    const typical = pace.nagleStallTime / pace.nagleStallCount;
    const frames = new Set(pace.nagleStalls.map(({ to }) => to));
    return {
      evidence: { stalls: pace.nagleStallCount, time: pace.nagleStallTime, typical },
      moments: part.moments.filter(({ frame }) => frames.has(frame)),
      frames: [...frames],
    };
  },
  tell: ({ stalls, time, typical }) =>
    `${countText(stalls, 'small segment')} waited for a delayed ACK, ${durationText(typical)} each and ${durationText(time)} in all.`,
};
