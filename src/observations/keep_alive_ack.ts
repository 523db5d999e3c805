import { KEEP_ALIVE, KEEP_ALIVE_ACK } from '../flow/seen.js';
import type { Observation } from './observation.js';
import { isRepeat } from './repeat.js';

export const keepAliveAck: Observation = {
  id: 'keep_alive_ack',
  title: 'Answer to a keep-alive',
  bit: KEEP_ALIVE_ACK,
  about: 'The peer answers a keep-alive: it is there, and the connection is known to it.',
  example: `
     0.000 > P. 1000:1100(100) ack 5000 win 500
     0.010 < .  5000:5000(0)   ack 1100 win 500
    60.000 > .  1099:1099(0)   ack 5000 win 500    # keep_alive
    60.010 < .  5000:5000(0)   ack 1100 win 500    # keep_alive_ack
  `,
  isSeen: (segment, { wireshark: forward }, { wireshark: reverse }) =>
    segment.window !== 0 && (reverse.lastSeen & KEEP_ALIVE) !== 0 && isRepeat(segment, forward),
};
