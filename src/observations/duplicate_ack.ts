import { DUPLICATE_ACK } from '../flow/seen.js';
import type { WiresharkDirection } from '../flow/wireshark/direction.js';
import type { WiresharkConversation } from '../flow/wireshark.js';
import type { Observation } from './observation.js';
import { isRepeat } from './repeat.js';

export const duplicateAck: Observation = {
  id: 'duplicate_ack',
  title: 'Duplicate ACK',
  bit: DUPLICATE_ACK,
  about: 'The receiver asks for the same byte once more: a segment behind it has arrived, or one has arrived twice.',
  doubt: 'Neither SACK nor whether any data is outstanding is considered; an ACK whose window has changed is a window_update instead.',
  example: `
    0.000 > P. 1000:1100(100) ack 5000 win 500
    0.010 < .  5000:5000(0)   ack 1100 win 500
    0.011 > P. 1200:1300(100) ack 5000 win 500    # lost_segment
    0.021 < .  5000:5000(0)   ack 1100 win 500    # duplicate_ack
  `,
  isSeen: (segment, { wireshark: forward }, _, { wireshark: conversation }) =>
    segment.window !== 0 && isRepeat(segment, forward) && !isMptcpNews(forward, conversation),
};

/** MPTCP repeats ACKs on purpose, to carry options (RFC 8684 section 4): the first one after a new kind of option does not count. */
function isMptcpNews(forward: WiresharkDirection, { mptcp }: WiresharkConversation): boolean {
  return mptcp !== undefined && mptcp.operations !== forward.mptcpOperations;
}
