import { ACK } from '../../decode/flags.js';
import { isBefore } from '../../decode/sequence.js';
import type { Endpoint } from '../endpoint.js';
import type { Flow } from '../flow.js';
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
  const { flow, segment, sender, receiver, sentAt, receivedAt } = passing;
  const hasAck = (segment.flags & ACK) !== 0;
  if (sender.state === SYN_SENT && hasAck) {
    // How far away it is was not known when its SYN passed.
    const isFarther = flow.delayTo(sender) > flow.delayTo(receiver);
    if (isFarther) flow.timeline.states.date(sender.side, SYN_SENT, sender.synRepeats.first - flow.delayTo(sender));
    if (receiver.segments === 0 && receiver.state === UNKNOWN) supplyUnheard(passing);
    passing.prove(sender, ESTABLISHED, Math.min(sentAt, answeredSynAckAt(passing)));
  }
  if (sender.state === SYN_RECV) passing.prove(sender, ESTABLISHED, sentAt);
  if (sender.state === UNKNOWN && receiver.state === SYN_SENT) answerStrangeSyn(passing);
  else if (sender.state === UNKNOWN) passing.prove(sender, ESTABLISHED, sentAt, 'inferred');
  const completes = hasAck && receiver.state === SYN_RECV && segment.ack === ((receiver.iss + 1) | 0);
  if (completes && !isIgnoredData(passing)) passing.assume(receiver, ESTABLISHED, receivedAt);
}

/** The server is not in the capture; but that its client has got past the handshake shows that it has answered, about halfway. */
function supplyUnheard(passing: Passing): void {
  const { sender, receiver, sentAt } = passing;
  const way = (sentAt - sender.synRepeats.last) / 2;
  receiver.state = LISTEN;
  passing.prove(receiver, SYN_RECV, sentAt - way, 'inferred');
  passing.prove(receiver, ESTABLISHED, sentAt + way, 'inferred');
}

/** Its peer has got past the handshake, and all that it has sent is its SYN-ACK: it may not have got the ACKs, or have refused them. */
export function hasOnlyAsked(server: Endpoint): boolean {
  if (server.segments > server.syns || server.state !== ESTABLISHED) return false; // nearly always
  const { count } = server.synRepeats;
  return count > 0 && server.segments === count;
}

/** What was assumed of a server that has only asked is wrong: if it had accepted the ACK, it would have acknowledged the data that came since. */
export function repeatRefused(passing: Passing): void {
  if (isIgnoredData(passing)) passing.flow.retract(passing.receiver, passing.sentAt, ESTABLISHED);
}

/**
 * A server that has refused more than one ACK and then fell silent: that it took the last one is less likely than that it goes on. What it takes
 * shows in what it sends.
 */
export function doubtAcceptance(flow: Flow): void {
  const { client, server } = flow;
  const isDoubtful = hasOnlyAsked(server) && server.synRepeats.count > 2 && hasAskedAgain(flow, client, server);
  if (isDoubtful) flow.retract(server, Number.POSITIVE_INFINITY, ESTABLISHED);
}

/** Data that the server has got before, on a request or a SYN cookie that it has no room for in its accept queue, and not acknowledged. */
function isIgnoredData(passing: Passing): boolean {
  const { flow, segment, sender, receiver } = passing;
  const isRepeated = segment.length > 0 && isBefore(segment.seq, sender.sndNxt);
  if (!isRepeated || sender.dataSegments === 0 || sender.lastDataFrame < receiver.stateFrame) return false;
  return hasAskedAgain(flow, sender, receiver) || flow.delayTo(receiver) < flow.delayTo(sender);
}

/** The last SYN-ACK of the server left after an ACK of its client had arrived, or should have. */
function hasAskedAgain(flow: Flow, client: Endpoint, server: Endpoint): boolean {
  const acknowledgedAt = client.stateTime + flow.delayTo(client) + flow.delayTo(server);
  return client.state !== SYN_SENT && acknowledgedAt < server.synRepeats.last - flow.delayTo(server);
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
