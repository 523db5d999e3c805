import { FIN, SYN } from '../../decode/flags.js';
import type { Moment } from '../../flow/timeline.js';
import { KEEP_ALIVE_PROBE } from '../../flow/verdict.js';
import { countText, durationText } from '../../hosts/wording.js';
import type { Pattern } from '../pattern.js';
import { lastHeard } from '../resets/last-heard.js';
import { judged } from '../signs.js';
import type { Part } from '../story.js';

interface Evidence {
  probes: number;
  /** Nanoseconds between two probes, as most of them have it: some get lost, or something is said in between. 0 with a single one. */
  interval: number;
  /** So many more than there are answers. */
  unanswered: number;
}

/** Told of the end that asks. */
export const keepAliveAnswered: Pattern<'keep-alive-answered', Evidence> = {
  id: 'keep-alive-answered',
  title: 'Keep-alive probes, answered',
  severity: 'note',
  needs: judged(KEEP_ALIVE_PROBE),
  about: 'An idle connection is asked from time to time whether the other end is still there, and it answers. Nothing is wrong.',
  example: `
     0.000 > P. 1000:1100(100) ack 5000 win 500
     0.010 < .  5000:5000(0)   ack 1100 win 500
    60.000 > .  1099:1099(0)   ack 5000 win 500    # keep-alive-answered
    60.010 < .  5000:5000(0)   ack 1100 win 500
  `,
  recognise(part, story) {
    const probes = part.moments.filter(({ verdict }) => verdict === KEEP_ALIVE_PROBE);
    const [first] = probes;
    const last = probes.at(-1);
    if (first === undefined || last === undefined) return undefined;
    const gaveUp = part.resets.find(({ time }) => time > last.lastTime);
    if (lastHeard(story.other(part), gaveUp) < last.lastTime) return undefined; // an answer that comes after it had given up is none
    const count = probes.reduce((sum, probe) => sum + probe.count, 0);
    const evidence = { probes: count, interval: usualGap(probes), unanswered: Math.max(0, count - answersOf(first, last, story.other(part))) };
    return { evidence, moments: probes };
  },
  tell: ({ probes, interval, unanswered }) => {
    const answered = unanswered === 0 ? 'each answered' : `${unanswered} of them without an answer, those after them with one`;
    return `${countText(probes, 'keep-alive probe')}${interval > 0 ? `, every ${durationText(interval)}` : ''}, ${answered}.`;
  },
};

function usualGap(probes: readonly Moment[]): number {
  const gaps = probes.flatMap(({ time, lastTime, count }, i) => {
    const before = probes[i - 1];
    const within = count > 1 ? [(lastTime - time) / (count - 1)] : [];
    return before === undefined ? within : [...within, time - before.lastTime];
  });
  return gaps.toSorted((a, b) => a - b)[(gaps.length - 1) >> 1] ?? 0;
}

/** What came from the peer between the first probe and the last, and one more: an answer to each, unless it asks itself. */
function answersOf(first: Moment, last: Moment, peer: Part): number {
  const answers = peer.moments.filter(
    ({ time, length, flags }) => time > first.time && time < last.lastTime && length === 0 && !(flags & (SYN | FIN)),
  );
  return answers.reduce((sum, { count, lastTime }) => sum + count - (lastTime > last.lastTime ? 1 : 0), 1);
}
