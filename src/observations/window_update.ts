import { FIN, RST, SYN } from '../decode/flags.js';
import { WINDOW_UPDATE } from '../flow/seen.js';
import type { Observation } from './observation.js';

export const windowUpdate: Observation = {
  id: 'window_update',
  title: 'Window update',
  bit: WINDOW_UPDATE,
  about: 'An ACK that acknowledges nothing new: only the room in the receive buffer has changed.',
  example: `
    0.000 > P. 1000:1100(100) ack 5000 win 500
    0.010 < .  5000:5000(0)   ack 1100 win 400
    0.200 < .  5000:5000(0)   ack 1100 win 500    # window_update
  `,
  isSeen: (segment, { wireshark: forward }) =>
    segment.length === 0 &&
    segment.window !== 0 &&
    segment.window !== forward.window &&
    segment.seq === forward.nextSeq &&
    segment.ack === forward.lastAck &&
    (segment.flags & (SYN | FIN | RST)) === 0,
};
