import { bytesText, countText, durationText } from '../../hosts/wording.js';
import type { Pattern } from '../pattern.js';
import { PAUSES } from '../signs.js';

interface Evidence {
  pauses: number;
  /** Nanoseconds: the longest pause. */
  longest: number;
  /** Most bytes under way. */
  flight: number;
  /** The receiver's window at its largest, bytes. */
  window: number;
}

const FEW = 3;

/** Told of the sender. */
export const senderIdle: Pattern<'sender-idle', Evidence> = {
  id: 'sender-idle',
  title: 'The sender has nothing to send',
  severity: 'note',
  needs: PAUSES,
  about: `Between its bursts the sender is silent although everything is acknowledged and the window is open: it waits for its application, not for the network.`,
  example: `
    0.000 > S  1000:1000(0)          win 64240 <mss 1460>
    0.010 < S. 5000:5000(0) ack 1001 win 64240 <mss 1460>
    0.010 > .  1001:1001(0) ack 5001 win 64240
    0.020 > P. 1001:1101(100) ack 5001 win 64240
    0.030 < .  5001:5001(0) ack 1101 win 64240
    0.500 > P. 1101:1201(100) ack 5001 win 64240    # sender-idle
    0.510 < .  5001:5001(0) ack 1201 win 64240
    1.000 > P. 1201:1301(100) ack 5001 win 64240    # sender-idle
    1.010 < .  5001:5001(0) ack 1301 win 64240
    1.500 > P. 1301:1401(100) ack 5001 win 64240    # sender-idle
    1.510 < .  5001:5001(0) ack 1401 win 64240
  `,
  recognise({ endpoint }, { flow }) {
    const { pace } = endpoint;
    if (pace === undefined || pace.pauses < FEW || pace.answers > 1 || endpoint.hasResent || pace.windowLimited > 0) return undefined;
    const evidence = {
      pauses: pace.pauses,
      longest: pace.longestPause,
      flight: pace.flight,
      window: flow.peer(endpoint).largestWindow,
    };
    return { evidence, moments: [], frames: pace.pauseFrames };
  },
  tell: ({ pauses, longest, flight }) =>
    `${countText(pauses, 'pause')} of up to ${durationText(longest)} with everything acknowledged; never more than ${bytesText(flight)} under way.`,
};
