import { ACK, FIN, RST, SYN } from '../../decode/flags.js';
import type { Segment } from '../../decode/segment.js';
import { isAfter } from '../../decode/sequence.js';
import type { Endpoint } from '../endpoint.js';
import type { Flow } from '../flow.js';
import { ACK_LOST_SEGMENT, type Seen } from '../seen.js';
import { isResent, NONE, type Verdict } from '../verdict.js';

/** Remembers the segment when it says more than "the transfer goes on". */
export function note(flow: Flow, segment: Segment, seen: Seen, verdict: Verdict, sender: Endpoint): void {
  const isFirstData = segment.length > 0 && sender.dataSegments === 0;
  const isFirstAck = sender.segments < 2 || sender.segments === sender.syns;
  const isPlain = seen === 0 && verdict === NONE && (segment.flags & (SYN | FIN | RST)) === 0;
  if (isPlain && !isFirstData && !isFirstAck && !answersFin(segment, sender, flow.peer(sender))) return;
  const isCaptured = seen & ACK_LOST_SEGMENT && !isAfter(segment.ack, flow.peer(sender).sndNxt);
  if (isCaptured) flow.shared.judgement.rests('captured');
  if (segment.flags & RST) recallTrigger(flow, segment, sender);
  const earlier = isResent(verdict) ? sender.transmissions.lastOf(segment.seq, segment.end) : undefined;
  const moment = flow.timeline.segments.remember(segment, sender.side, seen, verdict, earlier, flow.shared.judgement);
  if (moment !== undefined && isResent(verdict)) sender.repeat(segment, moment);
}

/** A reset is best understood with the last segment of the other side before it, even when that was routine. */
function recallTrigger(flow: Flow, reset: Segment, sender: Endpoint): void {
  const { transmissions, side } = flow.peer(sender);
  const last = transmissions.end - 1;
  if (last < transmissions.oldest || transmissions.frameOf(last) > reset.frame) return;
  flow.timeline.segments.recall(transmissions, last, side);
}

/** The first segment after a FIN, or a repetition of it, that acknowledges it. */
function answersFin(segment: Segment, sender: Endpoint, receiver: Endpoint): boolean {
  if (!receiver.hasFin || !(segment.flags & ACK)) return false;
  return sender.lastTime < receiver.finRepeats.last && isAfter(segment.ack, receiver.finSeq);
}
