import { KEEP_ALIVE_PROBE } from '../../flow/verdict.js';
import { countText, durationText } from '../../hosts/wording.js';
import type { Pattern } from '../pattern.js';
import { judged } from '../signs.js';
import { resetForm } from '../story.js';
import { lastHeard } from './last-heard.js';

interface Evidence {
  /** Probes that nothing answered. */
  probes: number;
  /** Nanoseconds between them. */
  interval: number;
  /** The end that asked has reset the connection. */
  reset: boolean;
}

/** Told of the end that asks. */
export const keepAliveUnanswered: Pattern<'keep-alive-unanswered', Evidence> = {
  id: 'keep-alive-unanswered',
  title: 'Keep-alive probes unanswered',
  severity: 'failure',
  needs: judged(KEEP_ALIVE_PROBE),
  about: `An idle connection is asked whether the other end is still there, and nobody answers: after the last probe the kernel ends the connection with a reset.
    It is the only timeout after which Linux sends one.`,
  example: `
     0.000 > P. 1000:1100(100) ack 5000 win 500 <nop,nop,TS val 1 ecr 900> id 1
     0.010 < .  5000:5000(0)   ack 1100 win 500 <nop,nop,TS val 910 ecr 1>
    60.000 > .  1099:1099(0)   ack 5000 win 500 <nop,nop,TS val 60001 ecr 910> id 2    # keep-alive-unanswered
    62.000 > .  1099:1099(0)   ack 5000 win 500 <nop,nop,TS val 62001 ecr 910> id 3    # keep-alive-unanswered
    64.000 > R. 1100:1100(0)   ack 5000 win 500 <nop,nop,TS val 64001 ecr 910> id 4    # keep-alive-unanswered
  `,
  recognise(part, story) {
    const { moments, resets } = part;
    const reset = resets.find((moment) => resetForm(moment, part) === 'active');
    const heard = lastHeard(story.other(part), reset);
    const probes = moments.filter(({ verdict, time }) => verdict === KEEP_ALIVE_PROBE && time > heard);
    const [first] = probes;
    const last = probes.at(-1);
    if (first === undefined || last === undefined) return undefined;
    const isPending = reset === undefined && (probes.length < 2 || story.end - last.time < 0.5e9);
    if (isPending) return undefined;
    const interval = probes.length > 1 ? (last.time - first.time) / (probes.length - 1) : 0;
    return { evidence: { probes: probes.length, interval, reset: reset !== undefined }, moments: reset === undefined ? probes : [...probes, reset] };
  },
  tell: ({ probes, interval, reset }) =>
    `${countText(probes, 'keep-alive probe')}${interval > 0 ? ` every ${durationText(interval)}` : ''} without an answer${reset ? '; then the connection was reset' : ''}.`,
};
