import { countText, durationText } from '../../hosts/wording.js';
import type { Pattern } from '../pattern.js';

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
  about: `The application writes a message in two small pieces. The first goes out at once; the second waits, as Nagle's algorithm asks, until the first is
    acknowledged; the receiver waits as well, in the hope of sending its ACK along with an answer. Each message loses 40 ms that way.`,
  example: `
    0.000 > P. 1000:1050(50) ack 5000 win 500
    0.041 < .  5000:5000(0)  ack 1050 win 500
    0.041 > P. 1050:1100(50) ack 5000 win 500    # nagle-delayed-ack
    0.082 < .  5000:5000(0)  ack 1100 win 500
    0.082 > P. 1100:1150(50) ack 5000 win 500    # nagle-delayed-ack
    0.123 < .  5000:5000(0)  ack 1150 win 500
    0.123 > P. 1150:1200(50) ack 5000 win 500    # nagle-delayed-ack
  `,
  recognise({ endpoint, moments }) {
    const { pace } = endpoint;
    if (pace === undefined || pace.nagleStallCount < FEW) return undefined;
    const typical = pace.nagleStallTime / pace.nagleStallCount;
    const frames = new Set(pace.nagleStalls.map(({ to }) => to));
    return {
      evidence: { stalls: pace.nagleStallCount, time: pace.nagleStallTime, typical },
      moments: moments.filter(({ frame }) => frames.has(frame)),
      frames: [...frames],
    };
  },
  tell: ({ stalls, time, typical }) =>
    `${countText(stalls, 'small segment')} waited for a delayed ACK, ${durationText(typical)} each and ${durationText(time)} in all.`,
};
