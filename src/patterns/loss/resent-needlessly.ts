import type { Moment } from '../../flow/timeline.js';
import { kindOf, REORDERED, RESENT_FAST, RESENT_TIMEOUT, SPURIOUS, type Verdict } from '../../flow/verdict.js';
import { countText } from '../../hosts/wording.js';
import { wasTold } from '../path/too-big.js';
import type { Pattern } from '../pattern.js';
import { judged } from '../signs.js';
import { isLeftover } from '../time-wait/time-wait-disturbed.js';
import { repeatedBehindLoss } from './behind-loss.js';

interface Evidence {
  /** Segments sent again although the receiver had them: after duplicate ACKs, and after a timeout. */
  fast: number;
  timeout: number;
  /** So many of the latter were behind a segment that was lost: without SACK they are sent again along with it. */
  behindLoss: number;
  /** Segments that were overtaken on the way, in the same direction. */
  reordered: number;
  /** The acknowledgment that the sender was missing is in the capture before the resend. */
  acknowledgedBefore: number;
  /** The capture was made at the receiver. */
  atReceiver: boolean;
}

const KINDS: ReadonlySet<Verdict> = new Set([RESENT_FAST, RESENT_TIMEOUT]);

export const resentNeedlessly: Pattern<'resent-needlessly', Evidence> = {
  id: 'resent-needlessly',
  title: 'Segments sent again for nothing',
  severity: 'warning',
  needs: judged(RESENT_FAST, RESENT_TIMEOUT),
  about: `The receiver reports by D-SACK that bytes reached it twice, or its timestamps show that it answers the first copy: nothing was lost.
    Either segments overtake one another on the way, or data or acknowledgments are late or lost.`,
  example: `
    0.000 > P. 1000:1100(100) ack 5000 win 500 <nop,nop,TS val 100 ecr 900>
    0.050 > P. 1100:1200(100) ack 5000 win 500 <nop,nop,TS val 150 ecr 900>
    0.300 > P. 1000:1100(100) ack 5000 win 500 <nop,nop,TS val 400 ecr 900>    # resent-needlessly
    0.310 < .  5000:5000(0)   ack 1200 win 500 <nop,nop,TS val 1210 ecr 150>
  `,
  recognise(part, story) {
    const isMeant = (moment: Moment): boolean => !wasTold(moment, story) && !isLeftover(moment, part, story);
    const moments = part.moments.filter((moment) => moment.verdict & SPURIOUS && KINDS.has(kindOf(moment.verdict)) && isMeant(moment));
    if (moments.length === 0) return undefined;
    const peer = story.other(part);
    const count = (all: readonly Moment[], wanted: Verdict): number =>
      all.filter(({ verdict }) => verdict === wanted).length + part.forgotten((verdict) => verdict === wanted).segments;
    const evidence: Evidence = {
      fast: count(moments, RESENT_FAST | SPURIOUS),
      timeout: count(moments, RESENT_TIMEOUT | SPURIOUS),
      behindLoss: repeatedBehindLoss(part, story).length,
      reordered: count(part.moments, REORDERED),
      acknowledgedBefore: part.endpoint.resentAfterAck,
      atReceiver: story.isAt(peer),
    };
    const isSlight = evidence.fast <= 2 && evidence.timeout === evidence.behindLoss;
    return { evidence, moments, severity: isSlight ? 'note' : 'warning' };
  },
  tell: ({ fast, timeout, reordered, acknowledgedBefore }) => {
    const overtaken = reordered > 0 ? ` ${countText(reordered, 'segment')} arrived out of order.` : '';
    const isOfAll = acknowledgedBefore >= fast + timeout;
    const acknowledged =
      acknowledgedBefore === 0 ? '' : ` The acknowledgment ${isOfAll ? '' : `of ${acknowledgedBefore} of them `}had already been sent.`;
    return `${countText(fast + timeout, 'segment')} sent again although the receiver had the bytes (${fast} after duplicate ACKs, ${timeout} after a timeout).${overtaken}${acknowledged}`;
  },
};
