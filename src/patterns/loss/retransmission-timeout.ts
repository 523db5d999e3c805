import { FIN, RST, SYN } from '../../decode/flags.js';
import { isBefore } from '../../decode/sequence.js';
import type { Moment } from '../../flow/timeline.js';
import { isResent, kindOf, RESENT_TIMEOUT, SPURIOUS } from '../../flow/verdict.js';
import { countText, durationText } from '../../hosts/wording.js';
import { wasTold } from '../path/too-big.js';
import type { Pattern, Severity } from '../pattern.js';
import { judged } from '../signs.js';
import type { Part, Story } from '../story.js';
import { isLeftover } from '../time-wait/time-wait-disturbed.js';
import { repeatedBehindLoss } from './behind-loss.js';

interface Evidence {
  /** Segments sent again because the timer fired, and what followed in the same repair. */
  resends: number;
  needless: number;
  /** So many of these were behind one that was lost: without SACK they are sent again along with it. */
  behindLoss: number;
  /** So many, without the needless ones, are still known one by one. */
  listed: number;
  /** Nanoseconds: longest wait between two attempts at the same bytes. */
  longest: number;
  /** That is less than a round trip, and no wait of any timer: the first copy was held up on its way to the receiver, where this was captured. */
  isHidden: boolean;
  /** Nanoseconds of silence right before the first of them, which tells of the wait where no first copy was captured. */
  silence: number;
  /** Everything that was sent again has been acknowledged in the end. */
  recovered: boolean;
  /** Nanoseconds from the first attempt at the first of them to the last at the last. */
  lasted: number;
  /** Nanoseconds that the flow had been silent before the data that was lost. */
  pauseBefore: number;
  /** The peer answered in the end that it does not know the connection. */
  endedByReset: boolean;
  /** The peer sent data or new acknowledgments meanwhile. */
  peerWasHeard: boolean;
}

export const retransmissionTimeout: Pattern<'retransmission-timeout', Evidence> = {
  id: 'retransmission-timeout',
  title: 'Retransmission timeouts',
  severity: 'warning',
  needs: judged(RESENT_TIMEOUT),
  about: `Data stays unacknowledged until the sender's timer fires: at least 200 ms on Linux, and twice as long each time. The transfer stands
    still meanwhile, and the sender starts again with a window of one segment.`,
  example: `
    0.000 > P. 1000:1100(100) ack 5000 win 500 <nop,nop,TS val 100 ecr 900>
    0.000 > P. 1100:1200(100) ack 5000 win 500 <nop,nop,TS val 100 ecr 900>
    0.210 > P. 1000:1100(100) ack 5000 win 500 <nop,nop,TS val 310 ecr 900>    # retransmission-timeout
    0.640 > P. 1000:1100(100) ack 5000 win 500 <nop,nop,TS val 740 ecr 900>    # retransmission-timeout
    0.650 < .  5000:5000(0)   ack 1200 win 500 <nop,nop,TS val 1550 ecr 740>
  `,
  recognise(part, story) {
    const isMeant = (moment: Moment): boolean => !wasTold(moment, story) && !part.wasSentWithSyn(moment) && !isLeftover(moment, part, story);
    const moments = part.moments.filter((moment) => kindOf(moment.verdict) === RESENT_TIMEOUT && !(moment.flags & (SYN | FIN)) && isMeant(moment));
    const [first] = moments;
    if (first === undefined) return undefined;
    const evidence = describe(story, part, moments, first);
    return { evidence, moments, severity: severityOf(evidence, part) };
  },
  tell: (evidence) => {
    const { resends, recovered, lasted, needless } = evidence;
    const outcome = recovered ? 'in the end all of it was acknowledged' : `it was not acknowledged any more, for ${durationText(lasted)}`;
    const waste = needless > 0 ? ` ${needless} of them proved needless.` : '';
    return `${countText(resends, 'segment')} sent again on the retransmission timer, after ${waitText(evidence)}; ${outcome}.${waste}`;
  },
};

/** As far as it was captured. */
export function waitText({ longest, isHidden, silence }: Pick<Evidence, 'longest' | 'isHidden' | 'silence'>): string {
  if (isHidden) return `a wait that cannot be seen here, where both copies came within ${durationText(longest)}`;
  if (longest > 0) return `waits of up to ${durationText(longest)}`;
  return silence > 0 ? `a silence of ${durationText(silence)}` : 'a wait that was not captured';
}

function describe(story: Story, part: Part, moments: readonly Moment[], first: Moment): Evidence {
  const { endpoint } = part;
  const last = moments.at(-1) ?? first;
  const begin = part.moments.find(({ verdict }) => isResent(verdict)) ?? first;
  const heard = story.other(part).moments.filter(({ time }) => time > first.time);
  const forgotten = part.forgotten((verdict) => kindOf(verdict) === RESENT_TIMEOUT);
  const needless = moments.filter(({ verdict }) => verdict & SPURIOUS).length;
  const longest = Math.max(forgotten.wait, ...moments.map(({ time, earlier }) => time - (earlier?.time ?? time)));
  return {
    resends: moments.length + forgotten.segments,
    needless: needless + part.forgotten((verdict) => verdict === (RESENT_TIMEOUT | SPURIOUS)).segments,
    behindLoss: repeatedBehindLoss(part, story).length,
    listed: moments.length - needless,
    longest,
    isHidden: longest > 0 && longest < story.roundTrip && story.isAt(story.other(part)),
    silence: silenceBefore(begin, story),
    recovered: endpoint.isAcknowledged && !isBefore(endpoint.sndUna, (last.seq + last.length) | 0),
    lasted: last.lastTime - (begin.earlier?.time ?? begin.time),
    pauseBefore: story.pauseBefore(begin),
    endedByReset: heard.some(({ flags }) => flags & RST),
    peerWasHeard: heard.some(({ length, flags }) => length > 0 && !(flags & RST)) || endpoint.sndUnaTime > first.time,
  };
}

/** The new data that Linux sends first when its timer has fired takes a round trip (F-RTO), and what repairs the loss another. */
function silenceBefore(begin: Moment, { flow, roundTrip }: Story): number {
  const pauses = flow.pauses.filter(({ frame, time }) => frame <= begin.frame && begin.time - time < roundTrip * ROUNDS);
  return Math.max(0, ...pauses.map(({ span }) => span));
}

const ROUNDS = 3;

function severityOf({ recovered, longest, resends, lasted }: Evidence, { endpoint }: Part): Severity {
  if (!recovered) return lasted > 2e9 ? 'failure' : 'warning';
  const isSlight = longest < 1e9 && resends <= Math.max(2, endpoint.dataSegments / 100);
  return isSlight ? 'note' : 'warning';
}
