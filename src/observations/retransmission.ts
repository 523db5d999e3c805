import { isBefore } from '../decode/sequence.js';
import { RETRANSMISSION } from '../flow/seen.js';
import type { Observation } from './observation.js';

export const retransmission: Observation = {
  id: 'retransmission',
  title: 'Retransmission',
  bit: RETRANSMISSION,
  about: 'A segment starts before the end of what was already seen, and not for a reason that Wireshark recognises.',
  doubt: `Copies that the capture made, segments that the network doubled and late reordered ones are marked as well;
    a segment that was lost before the point of capture and comes for the first time is marked, too. See the verdict.`,
  example: `
    0.000 > P. 1000:1100(100) ack 5000 win 500
    0.210 > P. 1000:1100(100) ack 5000 win 500    # retransmission
  `,
  isSeen: (segment, { wireshark: forward }) => {
    const followsProbe = segment.length > 1 && segment.seq === ((forward.nextSeq - 1) | 0);
    return forward.nextSeq !== 0 && isBefore(segment.seq, forward.nextSeq) && !followsProbe;
  },
};
