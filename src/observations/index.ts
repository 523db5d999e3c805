import { FIN, SYN } from '../decode/flags.js';
import type { Segment } from '../decode/segment.js';
import { KEEP_ALIVE, RETRANSMISSION, type Seen } from '../flow/seen.js';
import type { WiresharkConversation, WiresharkDirection } from '../flow/wireshark.js';
import { ackLostSegment } from './ack_lost_segment.js';
import { duplicateAck } from './duplicate_ack.js';
import { fastRetransmission } from './fast_retransmission.js';
import { keepAlive } from './keep_alive.js';
import { keepAliveAck } from './keep_alive_ack.js';
import { lostSegment } from './lost_segment.js';
import type { Observation } from './observation.js';
import { outOfOrder } from './out_of_order.js';
import { retransmission } from './retransmission.js';
import { reusedPorts } from './reused_ports.js';
import { spuriousRetransmission } from './spurious_retransmission.js';
import { windowFull } from './window_full.js';
import { windowUpdate } from './window_update.js';
import { zeroWindow } from './zero_window.js';
import { zeroWindowProbe } from './zero_window_probe.js';
import { zeroWindowProbeAck } from './zero_window_probe_ack.js';

export const observations: readonly Observation[] = [
  retransmission,
  fastRetransmission,
  spuriousRetransmission,
  outOfOrder,
  lostSegment,
  ackLostSegment,
  duplicateAck,
  keepAlive,
  keepAliveAck,
  zeroWindow,
  zeroWindowProbe,
  zeroWindowProbeAck,
  windowFull,
  windowUpdate,
  reusedPorts,
];

/**
 * The page on which the questions are asked, in Wireshark's order: straight, because a loop over the list
 * is five times slower, and because what answers one question can make others idle.
 */
export function observe(segment: Segment, forward: WiresharkDirection, reverse: WiresharkDirection, conversation: WiresharkConversation): Seen {
  let seen = askForward(segment, forward, reverse, conversation);
  if (ackLostSegment.isSeen(segment, forward, reverse, conversation)) seen |= ackLostSegment.bit;
  if (segment.flags & SYN && reusedPorts.isSeen(segment, forward, reverse, conversation)) seen |= reusedPorts.bit;
  const takesSequenceSpace = segment.length > 0 || (segment.flags & (SYN | FIN)) !== 0;
  return takesSequenceSpace && !(seen & KEEP_ALIVE) ? seen | askResent(segment, forward, reverse, conversation) : seen;
}

function askForward(segment: Segment, forward: WiresharkDirection, reverse: WiresharkDirection, conversation: WiresharkConversation): Seen {
  if (zeroWindowProbe.isSeen(segment, forward, reverse, conversation)) return zeroWindowProbe.bit;
  let seen = 0;
  if (zeroWindow.isSeen(segment, forward, reverse, conversation)) seen |= zeroWindow.bit;
  if (lostSegment.isSeen(segment, forward, reverse, conversation)) seen |= lostSegment.bit;
  if (keepAlive.isSeen(segment, forward, reverse, conversation)) seen |= keepAlive.bit;
  if (segment.length > 0) {
    return windowFull.isSeen(segment, forward, reverse, conversation) ? seen | windowFull.bit : seen;
  }
  if (windowUpdate.isSeen(segment, forward, reverse, conversation)) return seen | windowUpdate.bit;
  if (keepAliveAck.isSeen(segment, forward, reverse, conversation)) return seen | keepAliveAck.bit;
  if (zeroWindowProbeAck.isSeen(segment, forward, reverse, conversation)) return seen | zeroWindowProbeAck.bit;
  return duplicateAck.isSeen(segment, forward, reverse, conversation) ? seen | duplicateAck.bit : seen;
}

/** At most one of the four; Wireshark's field for a retransmission is set for two of the others as well. */
function askResent(segment: Segment, forward: WiresharkDirection, reverse: WiresharkDirection, conversation: WiresharkConversation): Seen {
  if (spuriousRetransmission.isSeen(segment, forward, reverse, conversation)) return spuriousRetransmission.bit | RETRANSMISSION;
  if (!retransmission.isSeen(segment, forward, reverse, conversation)) return 0;
  if (fastRetransmission.isSeen(segment, forward, reverse, conversation)) return fastRetransmission.bit | RETRANSMISSION;
  return outOfOrder.isSeen(segment, forward, reverse, conversation) ? outOfOrder.bit : RETRANSMISSION;
}
