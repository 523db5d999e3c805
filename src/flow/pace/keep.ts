import { AE, CWR, ECE, SYN } from '../../decode/flags.js';
import type { Segment } from '../../decode/segment.js';
import { isBefore } from '../../decode/sequence.js';
import { Advertised } from '../advertised.js';
import { agreeOnCounting, Congestion } from '../congestion.js';
import type { Endpoint } from '../endpoint.js';
import type { Flow } from '../flow.js';

/** How both ends send, and what they wait for, moves on with a segment. */
export function keepPace(flow: Flow, segment: Segment, sender: Endpoint, receiver: Endpoint): void {
  receiver.pace?.hears(segment, receiver, sender);
  if (segment.length > 0) {
    sender.answeredPayload = receiver.payload;
    receiver.advertised ??= new Advertised(flow.shared.advertised);
    const pace = sender.begunPace();
    pace.sends(segment, sender, receiver, receiver.advertised);
    const isAnswer = receiver.lastDataFrame > sender.lastDataFrame && !isBefore(segment.seq, sender.sndNxt); // not an old one once more
    if (isAnswer) pace.answersAfter(receiver, segment);
  }
  const isMarked = segment.ecn === 3 || (segment.flags & (AE | ECE | CWR)) !== 0;
  if (isMarked && !(segment.flags & SYN)) noteCongestion(flow, segment, sender, receiver);
}

/** In the handshake the same bits say what each end understands; if both count, the ACK that ends it still does. */
function noteCongestion(flow: Flow, segment: Segment, sender: Endpoint, receiver: Endpoint): void {
  const { client, server } = flow;
  const isCounted = agreeOnCounting(client.synFlags, server.synFlags);
  if (isCounted && sender === client && sender.segments === sender.syns && receiver.dataSegments === 0) return;
  sender.congestion ??= new Congestion();
  sender.congestion.note(segment, isCounted);
}
