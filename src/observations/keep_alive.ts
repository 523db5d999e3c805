import { FIN, RST, SYN } from '../decode/flags.js';
import { KEEP_ALIVE } from '../flow/seen.js';
import type { Observation } from './observation.js';

export const keepAlive: Observation = {
  id: 'keep_alive',
  title: 'Keep-alive',
  bit: KEEP_ALIVE,
  about: 'At most one byte, just before the next one that is expected: the sender asks whether its peer is still there.',
  doubt: `The zero-window probes of Linux have the same form; they are keep-alives only when the peer's window is open.
    A last byte that is sent again alone is marked as well, although it is a retransmission.`,
  example: `
     0.000 > P. 1000:1100(100) ack 5000 win 500
     0.010 < .  5000:5000(0)   ack 1100 win 500
    60.000 > .  1099:1099(0)   ack 5000 win 500    # keep_alive
    60.010 < .  5000:5000(0)   ack 1100 win 500    # keep_alive_ack
  `,
  isSeen: (segment, { wireshark: forward }) =>
    segment.length <= 1 && segment.seq === ((forward.nextSeq - 1) | 0) && (segment.flags & (SYN | FIN | RST)) === 0,
};
