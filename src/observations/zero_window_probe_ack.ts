import { ZERO_WINDOW_PROBE, ZERO_WINDOW_PROBE_ACK } from '../flow/seen.js';
import type { Observation } from './observation.js';
import { isRepeat } from './repeat.js';

export const zeroWindowProbeAck: Observation = {
  id: 'zero_window_probe_ack',
  title: 'Answer to a zero window probe',
  bit: ZERO_WINDOW_PROBE_ACK,
  about: 'The receiver answers a zero window probe: it is alive, and it still has no room.',
  doubt: 'Answers to the probes of Linux are not marked, because the probes are not.',
  example: `
    0.000 > P. 1000:1100(100) ack 5000 win 500
    0.010 < .  5000:5000(0)   ack 1100 win 0      # zero_window
    0.500 > .  1100:1101(1)   ack 5000 win 500    # zero_window_probe
    0.510 < .  5000:5000(0)   ack 1100 win 0      # zero_window zero_window_probe_ack
  `,
  isSeen: (segment, { wireshark: forward }, { wireshark: reverse }) =>
    segment.window === 0 && (reverse.lastSeen & ZERO_WINDOW_PROBE) !== 0 && isRepeat(segment, forward),
};
