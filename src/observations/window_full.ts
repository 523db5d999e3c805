import { FIN, RST, SYN } from '../decode/flags.js';
import { WINDOW_FULL } from '../flow/seen.js';
import { NOT_SCALED, UNKNOWN_SCALE, type WiresharkDirection } from '../flow/wireshark/direction.js';
import type { Observation } from './observation.js';

export const windowFull: Observation = {
  id: 'window_full',
  title: 'Window full',
  bit: WINDOW_FULL,
  about: 'With this segment the window that the receiver offered is used up: the sender must wait.',
  doubt: 'Only an exact fit is marked. In a capture without the handshake it never is, because the scale is unknown.',
  example: `
    0.000 > S  1000:1000(0)            win 64240
    0.010 < S. 5000:5000(0)   ack 1001 win 2000
    0.010 > .  1001:1001(0)   ack 5001 win 64240
    0.011 > .  1001:2001(1000) ack 5001 win 64240
    0.011 > P. 2001:3001(1000) ack 5001 win 64240    # window_full
  `,
  isSeen: (segment, _, { wireshark: reverse }) =>
    segment.length > 0 &&
    reverse.windowScale !== UNKNOWN_SCALE &&
    (segment.flags & (SYN | FIN | RST)) === 0 &&
    ((segment.seq + segment.length) | 0) === rightEdge(reverse),
};

/** One past the last byte that the receiver allowed with its last segment. The window of a SYN is not scaled. */
function rightEdge(receiver: WiresharkDirection): number {
  const isScaled = !receiver.isFirstAck && receiver.windowScale !== NOT_SCALED;
  return (receiver.lastAck + (receiver.window << (isScaled ? receiver.windowScale : 0))) | 0;
}
