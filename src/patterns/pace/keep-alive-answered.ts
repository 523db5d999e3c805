import { KEEP_ALIVE_PROBE } from '../../flow/verdict.js';
import { countText, durationText } from '../../hosts/wording.js';
import type { Pattern } from '../pattern.js';
import { judged } from '../signs.js';

interface Evidence {
  probes: number;
  /** Nanoseconds between two probes, typically. */
  interval: number;
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
  recognise({ endpoint, moments }, { flow }) {
    const probes = moments.filter(({ verdict }) => verdict === KEEP_ALIVE_PROBE);
    const [first] = probes;
    const last = probes.at(-1);
    if (first === undefined || last === undefined || flow.peer(endpoint).lastTime < last.lastTime) return undefined;
    const count = probes.reduce((sum, probe) => sum + probe.count, 0);
    return { evidence: { probes: count, interval: count > 1 ? (last.lastTime - first.time) / (count - 1) : 0 }, moments: probes };
  },
  tell: ({ probes, interval }) =>
    `${countText(probes, 'keep-alive probe')}${interval > 0 ? `, every ${durationText(interval)}` : ''}, each answered.`,
};
