import { isAfter } from '../../decode/sequence.js';
import type { Moment } from '../../flow/timeline.js';
import { isResent, kindOf, RESENT_FAST, RESENT_FIN, RESENT_PROBE, RESENT_SYN, RESENT_TIMEOUT } from '../../flow/verdict.js';
import { durationText, timesText } from '../../hosts/wording.js';
import type { Match, Pattern } from '../pattern.js';
import { HOLES, judged } from '../signs.js';
import type { Part, Story } from '../story.js';

interface Evidence {
  /** Payload of the segments that do not get through, and the largest that did. */
  lost: number;
  passed: number;
  /** Segments as large as the missing one had got through before. */
  hadPassed: boolean;
  /** Times that a large one was sent again. */
  resends: number;
  /** Nanoseconds. */
  lasted: number;
  /** Smaller pieces of the same data were tried later, and passed. */
  shrankTo: number | undefined;
}

/** Told of the sender. */
export const largeSegmentsLost: Pattern<'large-segments-lost', Evidence> = {
  id: 'large-segments-lost',
  title: 'Only large segments get lost',
  severity: 'failure',
  needs: HOLES | judged(RESENT_TIMEOUT, RESENT_FAST, RESENT_PROBE, RESENT_SYN, RESENT_FIN),
  about: `The handshake and small messages pass, full-size segments never arrive, however often they are sent again, and no ICMP error says why: somewhere on the way
    packets of that size do not fit, and the message that should say so is filtered.`,
  example: `
    0.000 > .  1000:2448(1448) ack 5000 win 500
    0.000 > P. 2448:2500(52)   ack 5000 win 500
    0.010 < .  5000:5000(0)    ack 1000 win 500 <nop,nop,sack 2448:2500>
    0.240 > .  1000:2448(1448) ack 5000 win 500    # large-segments-lost
    0.680 > .  1000:2448(1448) ack 5000 win 500    # large-segments-lost
    1.560 > .  1000:2448(1448) ack 5000 win 500    # large-segments-lost
  `,
  recognise(part, story) {
    if (story.icmp.some(({ mtu }) => mtu > 0)) return undefined;
    return story.isAt(story.other(part)) ? atReceiver(part, story) : atSender(part, story);
  },
  tell: ({ lost, passed, resends, lasted, shrankTo }) => {
    const again = resends > 0 ? `were sent again ${timesText(resends)} in ${durationText(lasted)} and never arrived` : 'never arrived';
    return `Segments of ${lost} bytes ${again}; ${passed} bytes passed${shrankTo === undefined ? '' : `, and pieces of ${shrankTo} bytes were tried then`}.`;
  },
};

/** Anything smaller passes everywhere (RFC 879). */
const SMALL = 536;
/** Bytes of a segment that its timestamps take, filled up (RFC 7323 appendix A). */
const TIMESTAMPS = 12;
/** A SYN alone counts one. */
const NOTHING = 1;
/** Where the resends cannot be seen, what passed must be clearly smaller than what is missing. */
const MUCH_SMALLER = 0.75;

/** Nanoseconds: less than net.ipv4.tcp_retries1 takes, after which a sender may try smaller segments by itself. */
const PATIENCE = 2.5e9;

/** The same large segment again and again, although smaller ones were acknowledged or SACKed. */
function atSender({ endpoint, moments }: Part, { flow }: Story): Match<Evidence> | undefined {
  const again = moments.filter(({ verdict, length }) => isResent(verdict) && length > SMALL);
  const [first] = again;
  if (first === undefined) return undefined;
  const stuck = again.filter(({ seq }) => seq === first.seq);
  const smaller = moments.find(({ verdict, length, seq }) => isResent(verdict) && seq === first.seq && length > 0 && length < first.length);
  const hasArrived = isAfter(endpoint.sndUna, first.seq);
  const hadPassed = endpoint.largestDelivered >= first.length; // then only what was sent along with it can tell
  const passed = hadPassed ? endpoint.sacked.shortest : Math.max(endpoint.largestDelivered, endpoint.sacked.shortest);
  const since = first.earlier?.time ?? first.time;
  const isSmallLost = moments.some(({ verdict, length, time }) => isResent(verdict) && length > 0 && length <= passed && time > since);
  if (isSmallLost && !hasArrived) return undefined; // nothing gets through any more, of whatever size
  if (stuck.length < (hadPassed ? 3 : 2) || (hasArrived && smaller === undefined) || passed <= NOTHING || passed >= first.length) return undefined;
  const lasted = flow.lastTime - (first.earlier?.time ?? first.time);
  return { evidence: { lost: first.length, passed, hadPassed, resends: stuck.length, lasted, shrankTo: smaller?.length }, moments: stuck };
}

/** Small segments arrive behind a hole that is never filled. */
function atReceiver({ endpoint, moments }: Part, { flow }: Story): Match<Evidence> | undefined {
  const filled = filledInPieces({ endpoint, moments }, flow.peer(endpoint).mss);
  if (filled !== undefined) return filled;
  const hole = endpoint.holes.first;
  const passed = endpoint.pace?.largest ?? 0;
  const { mss } = flow.peer(endpoint);
  const room = endpoint.hasTimestamps ? mss - TIMESTAMPS : mss;
  if (hole === undefined || passed === 0 || endpoint.segments < 2) return undefined;
  const missing = (hole.to - hole.from) | 0;
  const lost = mss > 0 ? Math.min(missing, room) : missing;
  if (lost <= SMALL || passed > lost * MUCH_SMALLER) return undefined;
  const behind = moments.filter(({ length }) => length > 0);
  return {
    evidence: { lost, passed, hadPassed: false, resends: 0, lasted: flow.lastTime - hole.time, shrankTo: undefined },
    moments: behind,
  };
}

/** A hole of full segments stays open for as long as a sender keeps to its size, and is filled with smaller ones alone. */
function filledInPieces({ endpoint, moments }: Pick<Part, 'endpoint' | 'moments'>, mss: number): Match<Evidence> | undefined {
  const passed = endpoint.pace?.largest ?? 0;
  const pieces = moments.filter(({ verdict, length, earlier }) => kindOf(verdict) === RESENT_TIMEOUT && length > 0 && earlier === undefined);
  const [first] = pieces;
  if (first === undefined || mss <= SMALL || passed > mss * MUCH_SMALLER) return undefined;
  const before = moments.findLast(({ frame, length }) => frame < first.frame && length > 0);
  const missing = pieces.reduce((sum, { length }) => sum + length, 0);
  if (before === undefined || missing < mss || first.time - before.time < PATIENCE || !isContiguous(pieces)) return undefined;
  const evidence = { lost: mss, passed, hadPassed: false, resends: 0, lasted: first.time - before.time, shrankTo: first.length };
  return { evidence, moments: [before, ...pieces] };
}

function isContiguous(pieces: readonly Moment[]): boolean {
  return pieces.every(({ seq }, i) => i === 0 || seq === (((pieces[i - 1] as Moment).seq + (pieces[i - 1] as Moment).length) | 0));
}
