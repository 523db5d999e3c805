import { ACK, SYN } from '../../decode/flags.js';
import { isAfter, isBefore } from '../../decode/sequence.js';
import type { Moment } from '../../flow/timeline.js';
import { KEEP_ALIVE_PROBE, kindOf, RESENT_PROBE, RESENT_TIMEOUT, SPURIOUS, type Verdict, WINDOW_PROBE } from '../../flow/verdict.js';
import { durationText } from '../../hosts/wording.js';
import type { Pattern } from '../pattern.js';
import { RESET } from '../signs.js';
import { isAcknowledgment, type Part, resetForm } from '../story.js';
import { isForeign } from './foreign-reset.js';

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
  /** A SYN-ACK had been repeated before: the server never took the connection. */
  wasNeverAccepted: boolean;
  /** The end that resets had itself ended the connection with a reset before. */
  hadReset: boolean;
  /** Its own data had been repeated in vain before. */
  hadGivenUp: boolean;
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
    const reset = part.resets.find((moment) => resetForm(moment, part) === 'answer' && !isForeign(moment, part));
    const peer = story.other(part);
    const trigger = peer.moments.findLast(({ frame }) => reset !== undefined && frame < reset.frame);
    if (reset === undefined || trigger === undefined || reset.seq !== trigger.ack || !wasOpen(part, reset)) return undefined;
    const hasClosed = part.fins.some(({ frame }) => frame < reset.frame);
    if (hasClosed || trigger.flags & SYN) return undefined;
    const evidence: Evidence = {
      trigger: kindOfTrigger(trigger, peer),
      pauseBefore: story.pauseBefore(trigger),
      delay: reset.time - trigger.time,
      wasOutside: trigger.length > 0 && isAfter(trigger.seq, part.endpoint.windowEdge),
      wasStalled: peer.moments.some((moment) => moment.window === 0 && isAcknowledgment(moment)),
      wasNeverAccepted: part.role === 'server' && !story.isOpenedByServer,
      hadReset: part.resets.some((other) => other.frame < reset.frame && resetForm(other, part) === 'active'),
      hadGivenUp: part.moments.some(({ verdict, frame, seq }) => isDataTimeout(verdict) && frame < reset.frame && !isBefore(seq, reset.seq)),
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

function isDataTimeout(verdict: Verdict): boolean {
  return !(verdict & SPURIOUS) && (kindOf(verdict) === RESENT_TIMEOUT || kindOf(verdict) === RESENT_PROBE);
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
