import { isAfter } from '../../decode/sequence.js';
import { CLOSE_WAIT, CLOSED, CLOSING, ESTABLISHED, FIN_WAIT1, FIN_WAIT2, LAST_ACK, SYN_RECV, TIME_WAIT } from '../state.js';
import type { Passing } from './passing.js';

/** Nanoseconds: an ACK that comes later than this after the FIN was not caused by it alone (delayed ACKs take at most 200 ms). */
const AT_ONCE = 250e6;

/** The sender closes its direction. */
export function sendFin(passing: Passing): void {
  const { flow, segment, sender, sentAt } = passing;
  const finSeq = (segment.end - 1) | 0;
  const isRepeated = sender.hasFin && finSeq === sender.finSeq;
  sender.finish(segment, finSeq);
  if (isRepeated)
    flow.retract(sender, sentAt); // the ACK did not reach it
  else if (sender.state === ESTABLISHED || sender.state === SYN_RECV) passing.prove(sender, FIN_WAIT1, sentAt);
  else if (sender.state === CLOSE_WAIT) passing.prove(sender, LAST_ACK, sentAt);
}

/** The acknowledgment of a FIN moves both ends: its sender has got the FIN, and its receiver learns that. */
export function acknowledgeFin(passing: Passing): void {
  const { flow, segment, sender, receiver, receivedAt } = passing;
  if (!receiver.hasFin || !isAfter(segment.ack, receiver.finSeq)) return;
  const finCameFirst = sender.state === FIN_WAIT2 && receiver.finFrame < sender.stateFrame;
  if (finCameFirst) {
    const gotAckAt = sender.stateTime;
    flow.retract(sender, gotAckAt);
    passing.prove(sender, CLOSING, gotFinAt(passing));
    passing.assume(sender, TIME_WAIT, gotAckAt);
  } else if (sender.state === ESTABLISHED) passing.prove(sender, CLOSE_WAIT, gotFinAt(passing));
  else if (sender.state === FIN_WAIT1) passing.prove(sender, CLOSING, gotFinAt(passing));
  else if (sender.state === FIN_WAIT2) passing.prove(sender, TIME_WAIT, gotFinAt(passing));
  if (receiver.state === FIN_WAIT1) passing.assume(receiver, FIN_WAIT2, receivedAt);
  else if (receiver.state === CLOSING) passing.assume(receiver, TIME_WAIT, receivedAt);
  else if (receiver.state === LAST_ACK) passing.assume(receiver, CLOSED, receivedAt);
}

/** When the FIN reached the end that acknowledges it now. */
export function gotFinAt({ flow, sender, receiver, sentAt }: Passing): number {
  const arrival = receiver.finRepeats.last + flow.delayTo(sender);
  return sentAt - arrival < AT_ONCE ? Math.min(arrival, sentAt) : sentAt;
}
