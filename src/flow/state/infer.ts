import { ACK, FIN, RST, SYN } from '../../decode/flags.js';
import type { Segment } from '../../decode/segment.js';
import { isBefore } from '../../decode/sequence.js';
import type { Endpoint } from '../endpoint.js';
import type { Flow } from '../flow.js';
import { CLOSED, ESTABLISHED } from '../state.js';
import { acknowledgeFin, acknowledgeUnheardFin, sendFin } from './closing.js';
import { completeHandshake, hasOnlyAsked, repeatRefused, sendSyn, sendSynAck } from './opening.js';
import { Passing } from './passing.js';
import { sendReset } from './reset.js';
import { continuePrevious, disown } from './succession.js';

/** Both ends are open, and the segment goes on with the transfer: neither state changes. */
export function leavesStates({ flags }: Segment, sender: Endpoint, receiver: Endpoint): boolean {
  const areOpen = sender.state === ESTABLISHED && receiver.state === ESTABLISHED && !receiver.hasFin;
  return areOpen && (flags & (SYN | FIN | RST)) === 0 && !hasOnlyAsked(receiver);
}

/**
 * What a segment says of the states of both ends (RFC 9293 section 3.3.2). Its sender has sent it, so the sender's state
 * is certain; whether its receiver got it shows in what the receiver sends later. Asked before the sender's record moves on.
 */
export function inferStates(flow: Flow, segment: Segment, sender: Endpoint, receiver: Endpoint): void {
  if (leavesStates(segment, sender, receiver)) return;
  const { flags } = segment;
  const passing = new Passing(flow, segment, sender, receiver);
  if (flow.isDisowned || (isPlain(flags) && disown(passing))) inferPrevious(flow, segment, sender);
  else if (flags & RST) sendReset(passing);
  else if (flags & SYN) (flags & ACK ? sendSynAck : sendSyn)(passing);
  else {
    outlive(passing);
    if (hasOnlyAsked(receiver)) repeatRefused(passing);
    completeHandshake(passing);
    if (flags & ACK) acknowledgeFin(passing);
    if (flags & ACK) acknowledgeUnheardFin(passing);
    if (flags & FIN) sendFin(passing);
  }
}

/** It neither opens nor resets a connection. */
function isPlain(flags: number): boolean {
  return (flags & (SYN | RST)) === 0;
}

/** The segment belongs to the connection before. */
function inferPrevious({ previous }: Flow, segment: Segment, sender: Endpoint): void {
  if (previous === undefined) return;
  const old = previous.twinOf(sender);
  inferStates(previous, segment, old, previous.peer(old));
  continuePrevious(previous, segment, old);
}

/** A sender that goes on has outlived the reset that should have ended it. */
function outlive({ flow, segment, sender, sentAt }: Passing): void {
  const continues = !isBefore((segment.seq + 1) | 0, sender.sndNxt); // a keep-alive begins one before
  if (sender.wasReset && continues) {
    flow.retract(sender, sentAt, CLOSED); // the reset was not its own, or it refused the one it got
    sender.wasReset = sender.state === CLOSED;
  }
}
