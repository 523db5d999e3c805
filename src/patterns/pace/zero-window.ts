import { ACK, RST, SYN } from '../../decode/flags.js';
import type { Moment } from '../../flow/timeline.js';
import { SHORTEST_TIMEOUT } from '../../flow/timers.js';
import { WINDOW_PROBE } from '../../flow/verdict.js';
import { countText, durationText, timesText } from '../../hosts/wording.js';
import type { Pattern } from '../pattern.js';
import { ZERO_WINDOW } from '../signs.js';
import type { Part, Story } from '../story.js';

interface Evidence {
  /** Times that the window closed. */
  episodes: number;
  /** Nanoseconds that it was closed, in all. */
  closed: number;
  /** Probes of the peer, and how many of the last ones stayed unanswered. */
  probes: number;
  unanswered: number;
  /** Probes in between that had no answer, though the answer before was long enough ago for one. */
  missed: number;
  /** Probes that came although the window was open by then, and nanoseconds from its opening to the last of them. */
  unaware: number;
  unawareFor: number;
  /** It opened again in the end. */
  reopened: boolean;
  /** When it opened, the peer answered that it does not know the connection any more, without ever having sent a FIN. */
  peerHadGone: boolean;
}

/** Told of the end that closes its window. */
export const zeroWindow: Pattern<'zero-window', Evidence> = {
  id: 'zero-window',
  title: 'Receiver without room: zero window',
  severity: 'warning',
  needs: ZERO_WINDOW,
  about: `The receiver's buffer is full and it says so with a window of 0: its application does not read, or reads too slowly. The sender stops and
    asks from time to time whether there is room again. The network is not to blame.`,
  example: `
    0.000 > P. 1000:2448(1448) ack 5000 win 502 <nop,nop,TS val 100 ecr 900>
    0.010 < .  5000:5000(0)    ack 2448 win 0   <nop,nop,TS val 910 ecr 100>    # zero-window
    0.220 > .  2447:2447(0)    ack 5000 win 502 <nop,nop,TS val 320 ecr 910>    # zero-window
    0.230 < .  5000:5000(0)    ack 2448 win 0   <nop,nop,TS val 1130 ecr 100>
    0.900 < .  5000:5000(0)    ack 2448 win 502 <nop,nop,TS val 1800 ecr 100>
  `,
  recognise(part, story) {
    const closings = part.moments.filter(isClosed);
    const [first] = closings;
    if (first === undefined) return undefined;
    const peer = story.other(part);
    const probes = peer.moments.filter(({ verdict }) => verdict === WINDOW_PROBE);
    const evidence = { ...spellsOf(part, story), ...probing(part, probes), ...newsOf(part, probes, story), peerHadGone: hadGone(part, peer) };
    const isBrief = evidence.closed < SHORTEST_TIMEOUT && evidence.reopened;
    return { evidence, moments: [first, ...probes].sort((a, b) => a.frame - b.frame), severity: isBrief ? 'note' : 'warning' };
  },
  tell: ({ episodes, closed, probes, unanswered, unaware, unawareFor, reopened }) => {
    const news = unaware > 0 ? `, of which the other end learnt only ${durationText(unawareFor)} later` : '';
    const outcome = reopened ? `It opened again${news}` : 'It never opened again';
    const asked = probes === 0 ? '' : `; ${countText(probes, 'probe')} asked${unanswered > 0 ? `, the last ${unanswered} without an answer` : ''}`;
    return `The receive window was closed ${timesText(episodes)}, for ${durationText(closed)} in all. ${outcome}${asked}.`;
  },
};

function isClosed({ window, flags }: Moment): boolean {
  return window === 0 && !(flags & (SYN | RST));
}

/** The spells in which the window was closed: from a segment that closes it to the next that opens it. */
function spellsOf(part: Part, { flow }: Story): Pick<Evidence, 'episodes' | 'closed' | 'reopened'> {
  let episodes = 0;
  let closed = 0;
  let since: number | undefined;
  for (const moment of part.moments) {
    if (moment.flags & (SYN | RST)) continue;
    if (isClosed(moment)) {
      if (since === undefined) episodes++;
      since ??= moment.time;
    } else if (since !== undefined) {
      closed += moment.time - since;
      since = undefined;
    }
  }
  if (since !== undefined && part.endpoint.window > 0) return { episodes, closed: closed + part.endpoint.lastTime - since, reopened: true };
  return { episodes, closed: since === undefined ? closed : closed + flow.lastTime - since, reopened: since === undefined };
}

/** A receiver answers at most one probe in 500 ms (tcp_invalid_ratelimit): a silence means something at the end, or when it lasts. */
const RATE_LIMIT = 500e6;

function probing(part: Part, probes: readonly Moment[]): Pick<Evidence, 'probes' | 'unanswered' | 'missed'> {
  const heard = part.endpoint.lastTime;
  const asked = probes.reduce((sum, { count }) => sum + count, 0);
  const missed = probes.filter(({ time }, i) => {
    const next = probes[i + 1]?.time ?? Number.POSITIVE_INFINITY;
    const before = part.moments.findLast((moment) => moment.time < time)?.lastTime ?? time;
    return time - before > RATE_LIMIT && !part.moments.some((moment) => moment.lastTime > time && moment.time < next) && next < heard;
  });
  return { probes: asked, unanswered: probes.filter(({ time }) => time > heard).length, missed: missed.length };
}

/** The window was opened, and probes came all the same, later than by what was on its way. */
function newsOf(part: Part, probes: readonly Moment[], { roundTrip }: Story): Pick<Evidence, 'unaware' | 'unawareFor'> {
  const late = probes.flatMap(({ time }) => {
    const opened = openedBefore(part, time);
    return opened === undefined || time - opened <= roundTrip ? [] : [time - opened];
  });
  return { unaware: late.length, unawareFor: Math.max(0, ...late) };
}

/** When the window was opened that was open at a time. */
function openedBefore({ moments }: Part, time: number): number | undefined {
  const before = moments.filter((moment) => moment.time < time && !(moment.flags & (SYN | RST)));
  const closed = before.findLastIndex(isClosed);
  return closed < 0 ? undefined : before[closed + 1]?.time;
}

function hadGone(part: Part, peer: Part): boolean {
  const [reset] = peer.resets;
  const before = part.moments.findLast(({ frame, flags }) => frame < (reset?.frame ?? 0) && !(flags & (SYN | RST)));
  return reset !== undefined && (before?.window ?? 0) > 0 && peer.fins.length === 0 && !(reset.flags & ACK) && reset.seq === part.endpoint.rcvNxt;
}
