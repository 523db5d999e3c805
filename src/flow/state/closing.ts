import { distance, isAfter } from '../../decode/sequence.js';
import type { Endpoint } from '../endpoint.js';
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
  else if (sender.state === ESTABLISHED || sender.state === SYN_RECV) closeFirst(passing);
  else if (sender.state === CLOSE_WAIT) passing.prove(sender, LAST_ACK, sentAt);
}

/**
 * It closes before its peer does. A FIN that waited behind a closed window comes out with the data in the first flight after
 * the window was opened: the application had closed before, since the kernel makes room for more only when that flight is acknowledged.
 */
function closeFirst(passing: Passing): void {
  const { sender, receiver, sentAt } = passing;
  const wasStuck = sender.probeRepeats.count > 0 && isStuck(receiver);
  if (wasStuck) passing.prove(sender, FIN_WAIT1, receiver.closedWindow?.since ?? sentAt, 'inferred');
  else passing.prove(sender, FIN_WAIT1, sentAt);
}

/** The window of the receiver is closed, or was opened by the last that was heard of it. */
export function isStuck({ closedWindow, lastTime }: Endpoint): boolean {
  return closedWindow !== undefined && (closedWindow.isClosed || closedWindow.until === lastTime);
}

/**
 * Of a peer that is never heard, the FIN shows in what acknowledges it: one number more, although the peer was silent and
 * this end has closed. Before that the peer must have acknowledged the FIN of this end, since that was not repeated.
 */
export function acknowledgeUnheardFin(passing: Passing): void {
  const { flow, segment, sender, receiver, sentAt } = passing;
  if (receiver.segments > 0 || !sender.hasFin || segment.length > 0 || !sender.hasRcvNxt) return;
  const more = distance(segment.ack, sender.rcvNxt);
  if (more <= 0 || segment.seq !== sender.sndNxt) return;
  if (sender.state === TIME_WAIT) {
    flow.retract(sender, Number.POSITIVE_INFINITY); // it was data
    flow.retract(receiver, Number.POSITIVE_INFINITY);
  }
  if (sender.state !== FIN_WAIT1 || more > 1) return;
  passing.assume(sender, FIN_WAIT2, sentAt, 'inferred');
  passing.assume(sender, TIME_WAIT, sentAt, 'inferred');
  if (receiver.state !== ESTABLISHED) return;
  passing.assume(receiver, CLOSE_WAIT, sender.finRepeats.last, 'inferred');
  passing.assume(receiver, LAST_ACK, sentAt, 'inferred');
  passing.assume(receiver, CLOSED, sentAt, 'inferred');
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
export function gotFinAt({ flow, segment, sender, receiver, sentAt }: Passing): number {
  const { finRepeats, firstFinTsval } = receiver;
  // The echo of the first one's timestamp: it got that one, and its acknowledgment was lost.
  const answersFirst = segment.hasTimestamps && finRepeats.count > 1 && segment.tsecr === firstFinTsval;
  if (answersFirst) return Math.min(finRepeats.first + flow.delayTo(sender), sentAt);
  const arrival = finRepeats.last + flow.delayTo(sender);
  return sentAt - arrival < AT_ONCE ? Math.min(arrival, sentAt) : sentAt;
}
