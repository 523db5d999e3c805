import { ACK, RST } from '../../decode/flags.js';
import type { Segment } from '../../decode/segment.js';
import { isAfter, isBefore } from '../../decode/sequence.js';
import type { Endpoint } from '../endpoint.js';
import type { Flow } from '../flow.js';
import { CLOSED, isOpen, type State, SYN_SENT, TIME_WAIT, UNKNOWN } from '../state.js';
import { expire } from './expiry.js';
import type { Passing } from './passing.js';

/**
 * What the sender of a SYN or SYN-ACK leaves for it: `otherwise`, or the TIME_WAIT of the connection before, which may be reopened
 * (RFC 9293 section 3.6.1). In any other state that connection must have ended unseen, or the ports were not free.
 */
export function leavesFor({ flow, segment, sender, sentAt }: Passing, otherwise: State): State {
  const { previous } = flow;
  if (previous === undefined) return otherwise;
  expire(previous, sentAt);
  const old = previous.twinOf(sender);
  if (old.state === TIME_WAIT) return TIME_WAIT;
  if (isOpen(old.state)) previous.enter(old, CLOSED, (old.lastTime + sentAt) / 2, segment.frame, 'inferred', true);
  return otherwise;
}

/**
 * Instead of a SYN-ACK the SYN gets an ACK of the connection that was there before: so that one lives, whatever was assumed. A SYN with an
 * older timestamp than that connection had also makes its TIME_WAIT begin anew (tcp_timewait_state_process()).
 */
export function answerStrangeSyn({ flow, segment, sender, receiver, sentAt }: Passing): void {
  const { previous } = flow;
  const old = previous?.twinOf(sender);
  if (previous === undefined || old === undefined || segment.seq !== old.sndNxt) return;
  if (old.wasReset) previous.retract(old, sentAt, CLOSED);
  const hasOlderClock = receiver.hasTimestamps && isBefore(receiver.lastTsval, previous.peer(old).lastTsval);
  if (old.state === TIME_WAIT && hasOlderClock) old.lastTime = segment.time;
}

/** The answer of an old connection met the new SYN; the reset that follows ends the old connection at the other end. */
export function refuseOldConnection({ flow, segment, receiver, receivedAt }: Passing): void {
  const old = flow.previous?.twinOf(receiver);
  if (old === undefined || !isOpen(old.state) || segment.seq !== old.rcvNxt) return;
  flow.previous?.enter(old, CLOSED, receivedAt, segment.frame, 'seen', true);
  old.wasReset = true;
}

/** Whoever seemed to send the SYN goes on with the connection before: the SYN was not its own, and nothing comes of it. */
export function disown({ flow, segment, sender, receiver }: Passing): boolean {
  const { previous } = flow;
  if (previous === undefined || sender.state !== SYN_SENT || receiver.hasSyn) return false;
  const old = previous.twinOf(sender);
  if (segment.seq !== old.sndNxt || segment.seq === ((sender.iss + 1) | 0)) return false;
  flow.retract(sender, Number.POSITIVE_INFINITY, SYN_SENT);
  sender.state = UNKNOWN;
  previous.retract(old, Number.POSITIVE_INFINITY, CLOSED);
  flow.isDisowned = true;
  return true;
}

/** What is known of an end of the connection before moves on, as far as states depend on it; what its peer refuses does not count. */
export function continuePrevious(previous: Flow, segment: Segment, old: Endpoint): void {
  const peer = previous.peer(old);
  old.lastTime = segment.time;
  const isInWindow = !isAfter(segment.end, peer.windowEdge);
  if (isInWindow && !(segment.flags & RST) && isAfter(segment.end, old.sndNxt)) old.sndNxt = segment.end;
  if (segment.flags & ACK && isAfter(segment.ack, old.rcvNxt) && !isAfter(segment.ack, peer.sndNxt)) old.rcvNxt = segment.ack;
}
