import { FIN, SYN } from '../decode/flags.js';
import type { Segment } from '../decode/segment.js';
import type { Endpoint } from '../flow/endpoint.js';
import type { Flow } from '../flow/flow.js';
import { KEEP_ALIVE, RETRANSMISSION, type Seen } from '../flow/seen.js';
import { ackLostSegment } from './ack_lost_segment.js';
import { duplicateAck } from './duplicate_ack.js';
import { fastRetransmission } from './fast_retransmission.js';
import { keepAlive } from './keep_alive.js';
import { keepAliveAck } from './keep_alive_ack.js';
import { lostSegment } from './lost_segment.js';
import type { Observation } from './observation.js';
import { oldTimestamp } from './old_timestamp.js';
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
  oldTimestamp,
];

/**
 * The page on which the questions are asked, in Wireshark's order: straight, because a loop over the list
 * is five times slower, and because what answers one question can make others idle.
 */
export function observe(segment: Segment, sender: Endpoint, receiver: Endpoint, flow: Flow): Seen {
  let seen = askForward(segment, sender, receiver, flow);
  if (ackLostSegment.isSeen(segment, sender, receiver, flow)) seen |= ackLostSegment.bit;
  if (segment.flags & SYN && reusedPorts.isSeen(segment, sender, receiver, flow)) seen |= reusedPorts.bit;
  if (oldTimestamp.isSeen(segment, sender, receiver, flow)) seen |= oldTimestamp.bit;
  const takesSequenceSpace = segment.length > 0 || (segment.flags & (SYN | FIN)) !== 0;
  return takesSequenceSpace && !(seen & KEEP_ALIVE) ? seen | askResent(segment, sender, receiver, flow) : seen;
}

function askForward(segment: Segment, sender: Endpoint, receiver: Endpoint, flow: Flow): Seen {
  if (zeroWindowProbe.isSeen(segment, sender, receiver, flow)) return zeroWindowProbe.bit;
  let seen = 0;
  if (zeroWindow.isSeen(segment, sender, receiver, flow)) seen |= zeroWindow.bit;
  if (lostSegment.isSeen(segment, sender, receiver, flow)) seen |= lostSegment.bit;
  if (keepAlive.isSeen(segment, sender, receiver, flow)) seen |= keepAlive.bit;
  if (segment.length > 0) {
    return windowFull.isSeen(segment, sender, receiver, flow) ? seen | windowFull.bit : seen;
  }
  if (segment.ack !== sender.wireshark.lastAck) return seen; // no repetition, and the rest are
  if (windowUpdate.isSeen(segment, sender, receiver, flow)) return seen | windowUpdate.bit;
  if (keepAliveAck.isSeen(segment, sender, receiver, flow)) return seen | keepAliveAck.bit;
  if (zeroWindowProbeAck.isSeen(segment, sender, receiver, flow)) return seen | zeroWindowProbeAck.bit;
  return duplicateAck.isSeen(segment, sender, receiver, flow) ? seen | duplicateAck.bit : seen;
}

/** At most one of the four; Wireshark's field for a retransmission is set for two of the others as well. */
function askResent(segment: Segment, sender: Endpoint, receiver: Endpoint, flow: Flow): Seen {
  if (spuriousRetransmission.isSeen(segment, sender, receiver, flow)) return spuriousRetransmission.bit | RETRANSMISSION;
  if (!retransmission.isSeen(segment, sender, receiver, flow)) return 0;
  if (fastRetransmission.isSeen(segment, sender, receiver, flow)) return fastRetransmission.bit | RETRANSMISSION;
  return outOfOrder.isSeen(segment, sender, receiver, flow) ? outOfOrder.bit : RETRANSMISSION;
}
