import { ACK, FIN, RST, SYN } from '../../decode/flags.js';
import type { Segment } from '../../decode/segment.js';
import { isBefore } from '../../decode/sequence.js';
import type { Endpoint } from '../endpoint.js';
import type { Flow } from '../flow.js';
import { CLOSED, ESTABLISHED } from '../state.js';
import { acknowledgeFin, sendFin } from './closing.js';
import { completeHandshake, sendSyn, sendSynAck } from './opening.js';
import { Passing } from './passing.js';
import { sendReset } from './reset.js';

/**
 * What a segment says of the states of both ends (RFC 9293 section 3.3.2). Its sender has sent it, so the sender's state
 * is certain; whether its receiver got it shows in what the receiver sends later. Asked before the sender's record moves on.
 */
export function inferStates(flow: Flow, segment: Segment, sender: Endpoint, receiver: Endpoint): void {
  const { flags } = segment;
  const isRoutine = (flags & (SYN | FIN | RST)) === 0 && sender.state === ESTABLISHED && receiver.state === ESTABLISHED && !receiver.hasFin;
  if (isRoutine) return;
  const passing = new Passing(flow, segment, sender, receiver);
  if (flags & RST) sendReset(passing);
  else if (flags & SYN) (flags & ACK ? sendSynAck : sendSyn)(passing);
  else {
    outlive(passing);
    completeHandshake(passing);
    if (flags & ACK) acknowledgeFin(passing);
    if (flags & FIN) sendFin(passing);
  }
}

/** A sender that goes on has outlived the reset that should have ended it. */
function outlive({ flow, segment, sender, sentAt }: Passing): void {
  const continues = !isBefore(segment.seq, sender.sndNxt);
  if (sender.wasReset && continues) {
    flow.retract(sender, sentAt); // the reset was not its own, or it refused the one it got
    sender.wasReset = sender.state === CLOSED;
  }
}
