import { ACK } from '../../decode/flags.js';
import { CLOSED, ESTABLISHED, LISTEN, SYN_RECV, SYN_SENT, UNKNOWN } from '../state.js';
import type { Passing } from './passing.js';
import { answerStrangeSyn, leavesFor } from './succession.js';

/** A SYN without ACK: the sender wants to connect. */
export function sendSyn(passing: Passing): void {
  const { flow, sender, sentAt } = passing;
  if (sender.state === CLOSED) flow.retract(sender, sentAt); // it goes on trying
  if (sender.state !== UNKNOWN) return;
  sender.state = leavesFor(passing, CLOSED);
  passing.prove(sender, SYN_SENT, sentAt);
}

/** A SYN-ACK: the sender has accepted a SYN, in the role of the server or, when two SYNs crossed, of both. */
export function sendSynAck(passing: Passing): void {
  const { flow, segment, sender, receiver, sentAt, receivedAt } = passing;
  if (receiver.state === UNKNOWN) {
    receiver.state = CLOSED;
    passing.prove(receiver, SYN_SENT, sentAt - flow.delayTo(sender), 'inferred');
  }
  switch (sender.state) {
    case SYN_SENT:
      passing.prove(sender, SYN_RECV, sentAt);
      break;
    case UNKNOWN:
    case LISTEN:
      sender.state = leavesFor(passing, LISTEN);
      passing.prove(sender, SYN_RECV, Math.min(sentAt, answeredSynAt(passing)));
      break;
    case ESTABLISHED: // it repeats itself: the ACK did not reach it, or was refused
      flow.retract(sender, sentAt);
      break;
    case SYN_RECV:
      if (segment.seq === sender.iss) break;
      passing.prove(sender, CLOSED, sentAt, 'inferred'); // it had forgotten the first request
      sender.state = LISTEN;
      passing.prove(sender, SYN_RECV, sentAt);
  }
  const crossed = receiver.state === SYN_RECV && segment.ack === ((receiver.iss + 1) | 0);
  if (crossed) passing.assume(receiver, ESTABLISHED, receivedAt);
}

/** Any other segment: its sender has got past the handshake. */
export function completeHandshake(passing: Passing): void {
  const { segment, sender, receiver, sentAt, receivedAt } = passing;
  const hasAck = (segment.flags & ACK) !== 0;
  if (sender.state === SYN_SENT && hasAck) passing.prove(sender, ESTABLISHED, Math.min(sentAt, answeredSynAckAt(passing)));
  if (sender.state === SYN_RECV) passing.prove(sender, ESTABLISHED, sentAt);
  if (sender.state === UNKNOWN && receiver.state === SYN_SENT) answerStrangeSyn(passing);
  else if (sender.state === UNKNOWN) passing.prove(sender, ESTABLISHED, sentAt, 'inferred');
  const completes = hasAck && receiver.state === SYN_RECV && segment.ack === ((receiver.iss + 1) | 0);
  if (completes) passing.assume(receiver, ESTABLISHED, receivedAt);
}

/** When the server got the SYN that its SYN-ACK answers: the echoed timestamp tells a first SYN from its repetition. */
function answeredSynAt({ flow, segment, sender, receiver }: Passing): number {
  const answersFirst = segment.hasTimestamps && receiver.synRepeats.count > 1 && segment.tsecr === receiver.firstSynTsval;
  return answersFirst ? receiver.synRepeats.first + flow.delayTo(sender) : Number.POSITIVE_INFINITY;
}

/** When the client got the SYN-ACK that its first ACK answers. */
function answeredSynAckAt({ flow, segment, sender, receiver }: Passing): number {
  if (!receiver.hasSyn) return Number.POSITIVE_INFINITY;
  const answersFirst = segment.hasTimestamps && segment.tsecr === receiver.firstSynTsval;
  return (answersFirst ? receiver.synRepeats.first : receiver.synRepeats.last) + flow.delayTo(sender);
}
