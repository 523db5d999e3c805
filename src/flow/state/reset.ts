import { ACK } from '../../decode/flags.js';
import type { Segment } from '../../decode/segment.js';
import type { Endpoint } from '../endpoint.js';
import type { Flow } from '../flow.js';
import { CLOSE_WAIT, CLOSED, ESTABLISHED, FIN_WAIT1, FIN_WAIT2, isOpen, SYN_RECV, SYN_SENT, TIME_WAIT } from '../state.js';
import { runningTimer } from '../timers/running.js';
import { FIN_TIMEOUT, SHORTEST_FIN_WAIT2, SHORTEST_TIMEOUT } from '../timers.js';
import { isStuck } from './closing.js';
import type { Passing } from './passing.js';
import { refuseOldConnection } from './succession.js';

/** More resets than a timeline holds. */
const MOST_REFUSED = 512;

/** So many segments of the sender without any answer: its peer does not hear it. */
const UNHEARD = 2;

/** A reset ends its sender's connection, unless it only answers a stray segment, and its receiver's, if it is acceptable. */
export function sendReset(passing: Passing): void {
  const { flow, segment, sender, receiver, sentAt } = passing;
  if (sender.state === SYN_SENT && isReply(segment)) {
    if (!answersSyn(passing)) {
      refuseOldConnection(passing);
      return;
    }
    giveUpSyn(passing);
  }
  if (isReply(segment)) reveal(passing);
  const handshakeFailed = isReply(segment) && sender.state === ESTABLISHED && sender.segments === sender.synRepeats.count;
  if (handshakeFailed) flow.retract(sender, Number.POSITIVE_INFINITY);
  if (sender.hasFin === false && segment.seq === ((sender.sndNxt + 1) | 0)) loseFin(passing);
  if (isOpen(sender.state)) {
    passing.assume(sender, CLOSED, sentAt, isReply(segment) ? 'inferred' : 'seen');
    sender.wasReset = true;
  }
  if (!isOpen(receiver.state)) return;
  if (!isAcceptable(passing)) receiver.refusedResets = [...receiver.refusedResets.slice(1 - MOST_REFUSED), segment.frame];
  else if (!isUnheard(passing)) receiveReset(passing);
}

/** What the reset refuses acknowledges the SYN, so the socket that sent it would have accepted it. */
function answersSyn({ segment, sender, receiver }: Passing): boolean {
  return receiver.state === SYN_RECV && segment.seq === ((sender.iss + 1) | 0);
}

/** The SYN-ACK came too late: the socket was gone by then, and before its SYN was due again. */
function giveUpSyn({ flow, segment, sender, sentAt }: Passing): void {
  const { last } = sender.synRepeats;
  const latest = Math.min(sentAt, runningTimer(flow, sender)?.nextAt ?? sentAt);
  flow.enter(sender, CLOSED, (last + latest) / 2, segment.frame, 'inferred', true);
}

/** The kernel answers for a connection that it does not know: without ACK, or with sequence number and window 0. */
export function isReply(segment: Segment): boolean {
  return !(segment.flags & ACK) || (segment.seq === 0 && segment.window === 0);
}

function receiveReset(passing: Passing): void {
  const { flow, segment, sender, receiver, receivedAt } = passing;
  const followsFin = sender.hasFin && (segment.seq === ((sender.finSeq + 1) | 0) || answersCrossing(passing));
  if (followsFin && receiver.state === ESTABLISHED) {
    passing.assume(receiver, CLOSE_WAIT, Math.min(receivedAt, sender.finRepeats.first + flow.delayTo(receiver)));
  }
  passing.assume(receiver, CLOSED, receivedAt);
  receiver.wasReset = true;
}

/** What it answers was sent before the FIN can have arrived: the reset has the number of the FIN, and is believed all the same (tcp_reset_check). */
function answersCrossing({ flow, segment, sender, receiver }: Passing): boolean {
  const crossed = receiver.lastTime - flow.delayTo(receiver) < sender.finRepeats.first + flow.delayTo(receiver);
  return crossed && segment.seq === sender.finSeq;
}

/** The answer shows that the sender's connection had ended before: what it was in must have passed by itself. */
function reveal({ flow, segment, sender, receiver, sentAt }: Passing): void {
  const { frame } = segment;
  if (sender.state === TIME_WAIT) {
    // It never was in TIME_WAIT, or not for long: the kernel had no room for it (tcp_max_tw_buckets).
    const since = sender.stateTime;
    flow.retract(sender, Number.POSITIVE_INFINITY, TIME_WAIT);
    if (sender.state !== TIME_WAIT) flow.enter(sender, CLOSED, since, frame, 'inferred', true);
  } else if (sender.state === FIN_WAIT2) {
    const expiry = sender.stateTime + FIN_TIMEOUT;
    const isTimer = expiry <= sentAt;
    const unseen = Math.min((sender.stateTime + SHORTEST_FIN_WAIT2 + sentAt) / 2, sentAt); // or the reset itself ended it (TCP_TW_RST)
    flow.enter(sender, CLOSED, isTimer ? expiry : unseen, frame, isTimer ? 'timer' : 'inferred', true);
  } else if (sender.state === ESTABLISHED && isStuck(receiver)) {
    // It closed while the window of its peer was closed: the FIN could not be sent, and the orphan was given up.
    flow.enter(sender, FIN_WAIT1, receiver.closedWindow?.since ?? sentAt, frame, 'inferred', true);
    const { last, lastGap } = sender.probeRepeats;
    flow.enter(sender, CLOSED, Math.min(runningTimer(flow, sender)?.nextAt ?? last + lastGap, sentAt), frame, 'inferred', true);
  } else giveUp(flow, sender, sentAt, frame);
}

/** What it had sent in vain was not sent again when that was due: then it had given up. */
function giveUp(flow: Flow, sender: Endpoint, now: number, frame: number): void {
  const timer = runningTimer(flow, sender);
  const isOverdue = timer?.kind === 'on' && (timer.repeats?.count ?? 0) > 2 && timer.nextAt <= now;
  if (isOverdue) flow.enter(sender, CLOSED, timer.nextAt, frame, 'timer', true);
}

/** The reset counts a FIN that was never captured: it was lost, and its first repetition is due after 200 ms at the earliest. */
function loseFin({ flow, segment, sender, sentAt }: Passing): void {
  if (sender.state === ESTABLISHED)
    flow.enter(sender, FIN_WAIT1, Math.max(sender.lastTime, sentAt - SHORTEST_TIMEOUT), segment.frame, 'inferred', true);
}

/** In SYN_SENT the reset must acknowledge the SYN; later it must carry exactly the next sequence number (RFC 5961 section 3.2). */
function isAcceptable({ segment, sender, receiver }: Passing): boolean {
  if (receiver.state === SYN_SENT) return (segment.flags & ACK) !== 0 && segment.ack === ((receiver.iss + 1) | 0);
  return segment.seq === receiver.rcvNxt || segment.seq === sender.sndNxt;
}

/** At the sender of the reset everything is captured that it sends, also what gets lost. */
function isUnheard({ flow, sender, receiver }: Passing): boolean {
  const isNearSender = flow.delayTo(sender) < flow.delayTo(receiver);
  return isNearSender && sender.unanswered >= UNHEARD;
}
