import { RST } from '../decode/flags.js';
import { isAfter } from '../decode/sequence.js';
import { LOST_SEGMENT } from '../flow/seen.js';
import type { Observation } from './observation.js';

export const lostSegment: Observation = {
  id: 'lost_segment',
  title: 'Previous segment not captured',
  bit: LOST_SEGMENT,
  about: 'Bytes are missing between this segment and the one before it: lost on the way here, not captured, or still to come.',
  example: `
    0.000 > P. 1000:1100(100) ack 5000 win 500
    0.001 > P. 1200:1300(100) ack 5000 win 500    # lost_segment
  `,
  isSeen: (segment, { wireshark: forward }) => forward.nextSeq !== 0 && isAfter(segment.seq, forward.nextSeq) && (segment.flags & RST) === 0,
};
