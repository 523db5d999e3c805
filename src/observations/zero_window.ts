import { FIN, RST, SYN } from '../decode/flags.js';
import { ZERO_WINDOW } from '../flow/seen.js';
import type { Observation } from './observation.js';

export const zeroWindow: Observation = {
  id: 'zero_window',
  title: 'Zero window',
  bit: ZERO_WINDOW,
  about: 'The sender of this segment has no room left and asks its peer to stop: its application does not read.',
  example: `
    0.000 > S  1000:1000(0)          win 64240
    0.010 < S. 5000:5000(0) ack 1001 win 1460
    0.010 > .  1001:1001(0) ack 5001 win 64240
    0.011 > P. 1001:2461(1460) ack 5001 win 64240   # window_full
    0.021 < .  5001:5001(0) ack 2461 win 0          # zero_window
  `,
  isSeen: (segment) => segment.window === 0 && (segment.flags & (SYN | FIN | RST)) === 0,
};
