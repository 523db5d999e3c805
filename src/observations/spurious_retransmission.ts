import { isAfter } from '../decode/sequence.js';
import { SPURIOUS_RETRANSMISSION } from '../flow/seen.js';
import type { Observation } from './observation.js';

export const spuriousRetransmission: Observation = {
  id: 'spurious_retransmission',
  title: 'Spurious retransmission',
  bit: SPURIOUS_RETRANSMISSION,
  about: 'Data is sent again although the receiver has acknowledged it already.',
  doubt: `Only an acknowledgment that was captured before counts; that a resend was needless often shows afterwards,
    by a D-SACK or an echoed timestamp. The verdicts that end in -spurious wait for it.`,
  example: `
    0.000 > P. 1000:1100(100) ack 5000 win 500
    0.010 < .  5000:5000(0)   ack 1100 win 500
    0.210 > P. 1000:1100(100) ack 5000 win 500    # retransmission spurious_retransmission
  `,
  isSeen: (segment, _, { wireshark: reverse }) =>
    segment.length > 0 && reverse.lastAck !== 0 && !isAfter((segment.seq + segment.length) | 0, reverse.lastAck),
};
