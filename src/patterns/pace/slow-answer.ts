import { capitalized, durationText, shareText } from '../../hosts/wording.js';
import type { Pattern } from '../pattern.js';
import { SLOW_ANSWERS } from '../signs.js';

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
  needs: SLOW_ANSWERS,
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
    if (pace === undefined || role !== 'server') return undefined;
    const ended = Math.min(...story.parts.flatMap(({ resets }) => resets.map(({ frame }) => frame)));
    const slowAnswers = pace.slowAnswers.filter(({ to }) => to < ended); // what comes after a reset answers nothing
    const longest = slowAnswers.reduce((most, { span }) => Math.max(most, span), 0);
    const hadLeft = pace.answers === 1 && story.client.resets.length > 0; // one that has only shut down its direction still takes the answer
    if (longest < SLOW || hadLeft) return undefined;
    const frames: number[] = [];
    for (const { from, to, span } of slowAnswers) if (span > SLOW) frames.push(from, to);
    frames.sort((a, b) => a - b);
    const wasAcknowledged = story.flow.peer(endpoint).resentAfterAck === 0 && !story.flow.peer(endpoint).hasResent;
    const evidence = { slow: pace.slowAnswerCount - (pace.slowAnswers.length - slowAnswers.length), answers: pace.answers, longest, wasAcknowledged };
    return { evidence, moments: [], frames, severity: longest > 1e9 ? 'warning' : 'note' };
  },
  tell: ({ slow, answers, longest }) =>
    `${capitalized(shareText(slow, answers, 'answer'))} took long, up to ${durationText(longest)} beyond the round trip.`,
};
