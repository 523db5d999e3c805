import { capitalized, durationText, shareText } from '../../hosts/wording.js';
import type { Pattern } from '../pattern.js';
import { PACE } from '../signs.js';

interface Evidence {
  /** Answers that took long, of all answers. */
  slow: number;
  answers: number;
  /** Nanoseconds: the longest wait. */
  longest: number;
  /** The request had been acknowledged by then: the network had done its part. */
  wasAcknowledged: boolean;
}

/** Nanoseconds; below it nobody complains. */
const SLOW = 300e6;

/** Told of the end that answers. */
export const slowAnswer: Pattern<'slow-answer', Evidence> = {
  id: 'slow-answer',
  title: 'The answer takes long, the network does not',
  severity: 'note',
  needs: PACE,
  about: `A request arrives, the kernel acknowledges it at once or with the usual delay, and the answer comes much later: that time is spent in the
    application, or in what the application waits for.`,
  example: `
    0.000 > P. 1000:1100(100) ack 5000 win 500    # slow-answer
    0.010 < .  5000:5000(0)   ack 1100 win 500
    0.710 < P. 5000:5500(500) ack 1100 win 500    # slow-answer
    0.710 > .  1100:1100(0)   ack 5500 win 500
  `,
  recognise({ endpoint, role }, story) {
    const { pace } = endpoint;
    const [longest] = pace?.slowAnswers.toSorted((a, b) => b.span - a.span) ?? [];
    const hadLeft = story.client.resets.length > 0; // one that has only shut down its direction still takes the answer
    if (pace === undefined || longest === undefined || longest.span < SLOW || role !== 'server' || (pace.answers === 1 && hadLeft)) return undefined;
    const slow = pace.slowAnswers.filter(({ span }) => span > SLOW);
    const frames = slow.flatMap(({ from, to }) => [from, to]).sort((a, b) => a - b);
    const wasAcknowledged = story.flow.peer(endpoint).resentAfterAck === 0 && !story.flow.peer(endpoint).hasResent;
    const evidence = { slow: pace.slowAnswerCount, answers: pace.answers, longest: longest.span, wasAcknowledged };
    return { evidence, moments: [], frames, severity: longest.span > 1e9 ? 'warning' : 'note' };
  },
  tell: ({ slow, answers, longest }) =>
    `${capitalized(shareText(slow, answers, 'answer'))} took long, up to ${durationText(longest)} beyond the round trip.`,
};
