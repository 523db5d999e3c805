import { ACK, SYN } from '../../decode/flags.js';
import { isAfter, isBefore } from '../../decode/sequence.js';
import type { Moment } from '../../flow/timeline.js';
import { KEEP_ALIVE_PROBE, kindOf, RESENT_PROBE, RESENT_TIMEOUT, SPURIOUS, WINDOW_PROBE } from '../../flow/verdict.js';
import { durationText } from '../../hosts/wording.js';
import type { Pattern } from '../pattern.js';
import { RESET } from '../signs.js';
import { isAcknowledgment, type Part, resetForm } from '../story.js';
import { isForeign } from './foreign-reset.js';
import { lastHeard } from './last-heard.js';

interface Evidence {
  /** What met no socket. */
  trigger: 'data' | 'keep-alive' | 'window update' | 'FIN' | 'ACK';
  /** Nanoseconds of silence before the trigger. */
  pauseBefore: number;
  /** Nanoseconds from the trigger to the reset. */
  delay: number;
  /** What met no socket lies beyond the window that this end had offered. */
  wasOutside: boolean;
  /** The window of the other end was closed before: the end that resets had something to send. */
  wasStalled: boolean;
  /** It still was when data came from there. */
  isStalled: boolean;
  /** A SYN-ACK had been repeated before: the server never took the connection. */
  wasNeverAccepted: boolean;
  /** The end that resets had itself ended the connection with a reset before. */
  hadReset: boolean;
  /** Its own data had been repeated in vain before. */
  hadGivenUp: boolean;
  /** Times that its timer had done so. */
  timeouts: number;
}

/** Told of the end that answers. */
export const resetAnswered: Pattern<'reset-answered', Evidence> = {
  id: 'reset-answered',
  title: 'Reset by an end that no longer knows the connection',
  severity: 'failure',
  needs: RESET,
  about: `A segment of an open connection is answered with a bare reset: the kernel found no socket for it. That end has lost or dropped the connection without
    saying so: it was restarted, it gave up after a timeout, or the address belongs to another machine now.`,
  example: `
     0.000 > P. 1000:1100(100) ack 5000 win 500 <nop,nop,TS val 1 ecr 900>
     0.010 < .  5000:5000(0)   ack 1100 win 500 <nop,nop,TS val 910 ecr 1>
    90.000 > P. 1100:1200(100) ack 5000 win 500 <nop,nop,TS val 90001 ecr 910>   # reset-answered
    90.010 < R  5000:5000(0)            win 0                                    # reset-answered
  `,
  recognise(part, story) {
    const peer = story.other(part);
    const reset = part.resets.find((moment) => resetForm(moment, part) === 'answer' && !isForeign(moment, part) && !isAftermath(moment, part, peer));
    const trigger = peer.moments.findLast(({ frame }) => reset !== undefined && frame < reset.frame);
    if (reset === undefined || trigger === undefined || reset.seq !== trigger.ack || !wasOpen(part, reset)) return undefined;
    const hasClosed = part.fins.some(({ frame }) => frame < reset.frame);
    if (hasClosed || trigger.flags & SYN) return undefined;
    const heard = lastHeard(peer, trigger);
    const inVain = part.moments.filter((moment) => moment.frame < reset.frame && isInVain(moment, reset, heard));
    const evidence: Evidence = {
      trigger: kindOfTrigger(trigger, peer),
      pauseBefore: story.pauseBefore(trigger),
      delay: reset.time - trigger.time,
      wasOutside: trigger.length > 0 && isAfter(trigger.seq, part.endpoint.windowEdge),
      wasStalled: peer.moments.some((moment) => moment.window === 0 && isAcknowledgment(moment)),
      isStalled: trigger.length > 0 && trigger.window === 0,
      wasNeverAccepted: part.role === 'server' && !story.isOpenedByServer,
      hadReset: part.resets.some((other) => other.frame < reset.frame && resetForm(other, part) === 'active'),
      hadGivenUp: inVain.length > 0,
      timeouts: inVain.filter(({ verdict }) => kindOf(verdict) === RESENT_TIMEOUT).length,
    };
    return { evidence, moments: [trigger, reset] };
  },
  tell: ({ trigger, pauseBefore, delay }) => {
    const after = pauseBefore > 0 ? `, after ${durationText(pauseBefore)} of silence,` : '';
    return `${NAMES[trigger]}${after} was answered ${durationText(delay)} later with a reset from an end that does not know the connection.`;
  },
};

const NAMES: Record<Evidence['trigger'], string> = {
  data: 'Data',
  'keep-alive': 'A keep-alive probe',
  'window update': 'A window update',
  FIN: 'A FIN',
  ACK: 'An acknowledgment',
};

/** So much longer than any so far a round trip can be, and so much later can an application wake up: nanoseconds. */
const LATE = 1.15;
const MOMENT = 1e6;

/**
 * What ended its connection is known, and tells more than the answers to what was still on its way: a reset that it had got, or one of its own that
 * cannot have reached the sender of the segment yet.
 */
function isAftermath(answer: Moment, part: Part, peer: Part): boolean {
  const hadGotReset = peer.resets.some(({ frame }) => frame < answer.frame && !part.endpoint.refusedResets.includes(frame));
  if (hadGotReset) return true;
  const own = part.resets.findLast((moment) => moment.frame < answer.frame && resetForm(moment, part) === 'active');
  if (own !== undefined && peer.endpoint.refusedResets.includes(own.frame)) return false;
  const roundTrip = part.delay * 2 + Math.max(peer.delay * 2, peer.endpoint.roundTrips.swollen);
  return own !== undefined && answer.time - own.time < roundTrip * LATE + MOMENT;
}

/** Its timer repeated what was not acknowledged when the reset came, or repeated it to somebody who was not heard any more until then. */
function isInVain({ verdict, seq, time }: Moment, reset: Moment, heard: number): boolean {
  const isDataTimeout = kindOf(verdict) === RESENT_TIMEOUT || kindOf(verdict) === RESENT_PROBE;
  return isDataTimeout && (time > heard || (!(verdict & SPURIOUS) && !isBefore(seq, reset.seq)));
}

/** The end that resets had taken part before: otherwise the handshake failed, which is another story. */
function wasOpen({ moments, syns, role }: Part, reset: Moment): boolean {
  const tookPart = moments.some((moment) => moment.frame < reset.frame && isAcknowledgment(moment));
  return tookPart || (role === 'server' && syns.length > 1);
}

function kindOfTrigger(trigger: Moment, peer: Part): Evidence['trigger'] {
  if (trigger.verdict === KEEP_ALIVE_PROBE || trigger.verdict === WINDOW_PROBE) return 'keep-alive';
  if (trigger.length > 0) return 'data';
  if (trigger.flags & 0x01) return 'FIN';
  const before = peer.moments.findLast(({ frame }) => frame < trigger.frame);
  return before !== undefined && before.window === 0 && trigger.window > 0 && trigger.flags & ACK ? 'window update' : 'ACK';
}
