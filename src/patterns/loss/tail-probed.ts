import { kindOf, RESENT_PROBE, SPURIOUS } from '../../flow/verdict.js';
import { durationText, timesText } from '../../hosts/wording.js';
import type { Pattern } from '../pattern.js';
import { judged } from '../signs.js';

interface Evidence {
  probes: number;
  /** Probes whose bytes had arrived before. */
  needless: number;
  /** Nanoseconds: the longest wait before one. */
  longest: number;
  /** That is less than a round trip: the first copy was held up on its way to the receiver, where this was captured. */
  isHidden: boolean;
}

export const tailProbed: Pattern<'tail-probed', Evidence> = {
  id: 'tail-probed',
  title: 'Last segment sent again early',
  severity: 'note',
  needs: judged(RESENT_PROBE),
  about: `When the end of what was sent stays unacknowledged, there is nothing behind it that could show the loss. So the sender sends the last
    segment once more, before its timer would: a tail loss probe (RFC 8985 section 7).`,
  example: `
    0.000 > S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>
    0.010 < S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 7>
    0.010 > .  1001:1001(0) ack 5001 win 502   <nop,nop,TS val 110 ecr 900>
    0.011 > P. 1001:1101(100) ack 5001 win 502 <nop,nop,TS val 111 ecr 900>
    0.241 > P. 1001:1101(100) ack 5001 win 502 <nop,nop,TS val 341 ecr 900>   # tail-probed
    0.251 < .  5001:5001(0) ack 1101 win 509   <nop,nop,TS val 1141 ecr 341>
  `,
  recognise(part, story) {
    const moments = part.moments.filter((moment) => kindOf(moment.verdict) === RESENT_PROBE && !part.wasSentWithSyn(moment));
    if (moments.length === 0) return undefined;
    const forgotten = part.forgotten((verdict) => kindOf(verdict) === RESENT_PROBE);
    const wasNeedless = part.forgotten((verdict) => verdict === (RESENT_PROBE | SPURIOUS)).segments;
    const needless = moments.filter(({ verdict }) => verdict & SPURIOUS).length + wasNeedless;
    const longest = Math.max(forgotten.wait, ...moments.map(({ time, earlier }) => time - (earlier?.time ?? time)));
    const isHidden = longest > 0 && longest < story.roundTrip && story.isAt(story.other(part));
    return { evidence: { probes: moments.length + forgotten.segments, needless, longest, isHidden }, moments };
  },
  tell: ({ probes, needless, longest, isHidden }) => {
    const outcome = needless === 0 ? 'it was needed' : needless === probes ? 'the bytes had arrived before' : `${needless} of them needlessly`;
    const wait = isHidden ? 'a wait that cannot be seen here' : longest > 0 ? `up to ${durationText(longest)}` : 'a wait that was not captured';
    return `The last segment was sent again ${timesText(probes)}, after ${wait}; ${outcome}.`;
  },
};
