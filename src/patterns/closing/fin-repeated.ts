import { isAfter, isBefore } from '../../decode/sequence.js';
import { durationText, timesText } from '../../hosts/wording.js';
import type { Pattern } from '../pattern.js';
import { CLOSING } from '../signs.js';
import { isAcknowledgment } from '../story.js';
import { closedLast } from './closed-last.js';

interface Evidence {
  /** Times that the FIN was sent. */
  fins: number;
  /** Nanoseconds from the first to the last. */
  span: number;
  /** It was the second FIN of the connection, and acknowledged the first. */
  isLast: boolean;
  /** An acknowledgment of it was captured before a repetition was. */
  wasAcknowledged: boolean;
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
    const answers = story.moments.filter((moment) => moment.side === peer.side && isAcknowledgment(moment) && isAfter(moment.ack, finSeq));
    const last = fins.at(-1);
    const evidence: Evidence = {
      fins: finRepeats.count,
      span: finRepeats.last - finRepeats.first,
      isLast: closedLast(part, story.other(part)),
      wasAcknowledged: answers.some(({ frame }) => frame < (last?.frame ?? 0)),
      acks: answers.length,
      fromTimeWait: answers.filter(({ ipId, length }) => ipId === 0 && length === 0).length,
    };
    return { evidence, moments: [...fins, ...answers].sort((a, b) => a.frame - b.frame) };
  },
  tell: ({ fins, span, wasAcknowledged }) =>
    `The FIN was sent ${timesText(fins)} within ${durationText(span)}; ${wasAcknowledged ? 'its acknowledgment was captured before it was repeated' : 'no acknowledgment was captured before'}.`,
};
