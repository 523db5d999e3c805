import { isAfter, isBefore } from '../../decode/sequence.js';
import type { Endpoint } from '../../flow/endpoint.js';
import type { Moment } from '../../flow/timeline.js';
import { durationText, timesText } from '../../hosts/wording.js';
import type { Pattern } from '../pattern.js';
import { CLOSING } from '../signs.js';
import { isAcknowledgment, type Story } from '../story.js';
import { closedLast } from './closed-last.js';

interface Evidence {
  /** Times that the FIN was sent. */
  fins: number;
  /** Nanoseconds from the first to the last. */
  span: number;
  /** It was the second FIN of the connection, and acknowledged the first. */
  isLast: boolean;
  /** An acknowledgment of it was captured so long before a repetition that its sender should have had it. */
  wasAcknowledged: boolean;
  /** Nothing was lost: the acknowledgment was on its way when the FIN was repeated, or came then and answers the first. */
  wasLate: boolean;
  /** Acknowledgments in all, and how many came from a TIME_WAIT (IP ID 0). */
  acks: number;
  fromTimeWait: number;
}

/** Told of the end whose FIN it is. */
export const finRepeated: Pattern<'fin-repeated', Evidence> = {
  id: 'fin-repeated',
  title: 'FIN repeated until it was acknowledged',
  severity: 'note',
  needs: CLOSING,
  about: 'A FIN, or the acknowledgment of it, got lost: the FIN is sent again until an acknowledgment arrives. Nobody waits for it but the kernel.',
  example: `
    0.000 > F. 1000:1000(0)   ack 5000 win 500
    0.010 < F. 5000:5000(0)   ack 1001 win 500    # fin-repeated
    0.230 < F. 5000:5000(0)   ack 1001 win 500    # fin-repeated
    0.230 > .  1001:1001(0)   ack 5001 win 500    # fin-repeated
  `,
  recognise(part, story) {
    const { endpoint, fins } = part;
    const { finRepeats, finSeq, isAcknowledged, sndUna } = endpoint;
    if (finRepeats.count < 2 || !isAcknowledged || !isBefore(finSeq, sndUna)) return undefined;
    const peer = story.flow.peer(endpoint);
    const isWhole = ({ frame }: Moment): boolean => !story.isAt(part) || !peer.badChecksumFrames.includes(frame);
    const answers = story.other(part).moments.filter((moment) => isAcknowledgment(moment) && isAfter(moment.ack, finSeq) && isWhole(moment));
    const last = fins.at(-1);
    const before = answers.find(({ frame }) => frame < (last?.frame ?? 0));
    const wasAcknowledged = before !== undefined && (last?.time ?? 0) - before.time > wayBack(peer, story);
    const isLast = closedLast(part, story.other(part));
    const answersFirst = !isLast && fins.some(({ needless }) => needless?.by === 'echo'); // a TIME_WAIT goes on echoing what it heard first
    const evidence: Evidence = {
      fins: finRepeats.count,
      span: finRepeats.last - finRepeats.first,
      isLast,
      wasAcknowledged,
      wasLate: !wasAcknowledged && (before !== undefined || answersFirst),
      acks: answers.length,
      fromTimeWait: answers.filter(({ ipId, length }) => ipId === 0 && length === 0).length,
    };
    return { evidence, moments: [...fins, ...answers].sort((a, b) => a.frame - b.frame) };
  },
  tell: ({ fins, span, wasAcknowledged, wasLate }) =>
    `The FIN was sent ${timesText(fins)} within ${durationText(span)}; ${outcome(wasAcknowledged, wasLate)}.`,
};

function outcome(wasAcknowledged: boolean, wasLate: boolean): string {
  if (wasAcknowledged) return 'its acknowledgment was captured before it was repeated';
  return wasLate ? 'its acknowledgment was only late' : 'no acknowledgment was captured before';
}

/** What an end sends shows in what the other one does after so long, from the point of capture there and back; nanoseconds. */
function wayBack({ roundTrips }: Endpoint, story: Story): number {
  return roundTrips.count > 0
    ? Math.max(roundTrips.swollen, roundTrips.latest === Number.POSITIVE_INFINITY ? 0 : roundTrips.latest)
    : story.roundTrip;
}
