import { ACK, SYN } from '../decode/flags.js';
import { REUSED_PORTS } from '../flow/seen.js';
import type { Observation } from './observation.js';

export const reusedPorts: Observation = {
  id: 'reused_ports',
  title: 'Port numbers reused',
  bit: REUSED_PORTS,
  about: 'A new connection begins between two ports that had one before in this capture.',
  doubt: 'It is said whether or not the old connection was over, and also of a SYN that the peer refuses.',
  example: `
     0.000 > R. 1000:1000(0) ack 5000 win 0
    20.000 > S  9000:9000(0)          win 64240    # reused_ports
  `,
  isSeen: (segment, { wireshark: forward }, _, { wireshark: conversation }) =>
    segment.flags & ACK
      ? (segment.flags & SYN) !== 0 && forward.hasBaseSeq && segment.seq !== forward.baseSeq
      : conversation.reusedIn === segment.frame,
};
