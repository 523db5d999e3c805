import { ZERO_WINDOW_PROBE } from '../flow/seen.js';
import type { Observation } from './observation.js';

export const zeroWindowProbe: Observation = {
  id: 'zero_window_probe',
  title: 'Zero window probe',
  bit: ZERO_WINDOW_PROBE,
  about: 'One byte beyond a window of zero, to make the receiver say whether it has room again.',
  doubt: `Linux never sends this form: its probes are empty and start one byte earlier, which Wireshark calls keep_alive.
    The verdict window-probe covers both.`,
  example: `
    0.000 > P. 1000:1100(100) ack 5000 win 500
    0.010 < .  5000:5000(0)   ack 1100 win 0      # zero_window
    0.500 > .  1100:1101(1)   ack 5000 win 500    # zero_window_probe
    0.510 < .  5000:5000(0)   ack 1100 win 0      # zero_window zero_window_probe_ack
  `,
  isSeen: (segment, { wireshark: forward }, { wireshark: reverse }) =>
    segment.length === 1 && segment.seq === forward.nextSeq && reverse.window === 0,
};
