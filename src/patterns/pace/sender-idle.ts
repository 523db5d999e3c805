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
    0.000 > P. 1000:1100(100) ack 5000 win 500
    0.010 < .  5000:5000(0)   ack 1100 win 500
    0.500 > P. 1100:1200(100) ack 5000 win 500    # sender-idle
    0.510 < .  5000:5000(0)   ack 1200 win 500
    1.000 > P. 1200:1300(100) ack 5000 win 500    # sender-idle
    1.010 < .  5000:5000(0)   ack 1300 win 500
    1.500 > P. 1300:1400(100) ack 5000 win 500    # sender-idle
    1.510 < .  5000:5000(0)   ack 1400 win 500
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
