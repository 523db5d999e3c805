import { ACK } from '../../decode/flags.js';
import type { Moment } from '../../flow/timeline.js';
import { NETWORK_DUPLICATE, RESENT_SYN } from '../../flow/verdict.js';
import { durationText, timesText } from '../../hosts/wording.js';
import type { Pattern } from '../pattern.js';
import { judged, OPENING } from '../signs.js';
import { isAcknowledgment, type Part, resetForm, type Story } from '../story.js';

interface Evidence {
  /** SYN-ACKs that the server's timer sent, the first one not counted; where the client never reacts, or the timer none, also those that answer a repeated SYN. */
  repeats: number;
  /** Nanoseconds from the first SYN-ACK to its first repetition. */
  firstGap: number;
  /** The client had acknowledged before a repetition was sent. */
  wasAcknowledged: boolean;
  /** What became of it. */
  end: 'completed' | 'reset' | 'open';
  /** What the server finally accepted carried data. */
  completedByData: boolean;
  /** The client goes on repeating its SYN although SYN-ACKs are here. */
  clientRepeatsToo: boolean;
}

/** Nanoseconds: a SYN-ACK so soon after a repeated SYN answers that one. */
const PROMPT = 20e6;
/** Nanoseconds: no timer repeats a SYN-ACK sooner (TCP_TIMEOUT_INIT is 1 s); what comes sooner is a copy. */
const SOONEST = 500e6;

export const synAckRepeated: Pattern<'syn-ack-repeated', Evidence> = {
  id: 'syn-ack-repeated',
  title: 'SYN-ACK repeated',
  severity: 'warning',
  needs: OPENING | judged(RESENT_SYN, NETWORK_DUPLICATE),
  about: `The server does not consider the handshake complete and sends its SYN-ACK again: the client's ACK was lost, or the server
    has received it and ignores it. Until then the client believes that it is connected.`,
  example: `
    0.000 > S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>
    0.001 < S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 7>    # syn-ack-repeated
    0.041 > .  1001:1001(0) ack 5001 win 502   <nop,nop,TS val 140 ecr 900>                         # syn-ack-repeated
    1.025 < S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 1924 ecr 100,nop,wscale 7>   # syn-ack-repeated
    1.065 > .  1001:1001(0) ack 5001 win 502   <nop,nop,TS val 1164 ecr 900>
  `,
  recognise({ role }, story) {
    if (role !== 'server') return undefined;
    const { client, server } = story;
    const [first, ...later] = server.syns.filter(({ flags }) => flags & ACK);
    if (first === undefined) return undefined;
    const isTaken = story.isOpenedByClient || client.resets.length > 0;
    const isRepeat = (synAck: Moment): boolean => synAck.seq === first.seq && synAck.time - first.time > SOONEST;
    const all = later.filter(isRepeat);
    const timed = all.filter((synAck) => !(isTaken && answersSyn(synAck, story)));
    const clientRepeatsToo = client.syns.some(({ frame }) => frame > first.frame);
    const repeats = timed.length > 0 || !clientRepeatsToo ? timed : all.filter(({ frame }) => frame < inVainUntil(first, client));
    const [firstRepeat] = repeats;
    if (firstRepeat === undefined) return undefined;
    const acksBefore = client.moments.filter((moment) => isAcknowledgment(moment) && moment.frame < (repeats.at(-1) ?? firstRepeat).frame);
    const end = endOf(story);
    const evidence: Evidence = {
      repeats: repeats.length,
      firstGap: firstRepeat.time - first.time,
      wasAcknowledged: acksBefore.length > 0,
      end,
      completedByData: end === 'completed' && wasCompletedByData(client, server),
      clientRepeatsToo,
    };
    const moments = [first, ...acksBefore.slice(0, 3), ...repeats].sort((a, b) => a.frame - b.frame);
    return { evidence, moments, severity: end === 'completed' ? 'warning' : 'failure' };
  },
  tell: ({ repeats, firstGap, wasAcknowledged, end }) => {
    const ignored = wasAcknowledged ? 'although the client had acknowledged it' : 'and no acknowledgment of it was captured before';
    const outcome = { completed: 'in the end the connection was accepted', reset: 'in the end the server reset it', open: 'it was never completed' }[
      end
    ];
    return `The SYN-ACK was repeated ${timesText(repeats)}, first after ${durationText(firstGap)}, ${ignored}; ${outcome}.`;
  },
};

/** The frame in which the client answers a later SYN-ACK than the first, which came to nothing; 0 when it answers the first, which was only slow. */
function inVainUntil(first: Moment, client: Part): number {
  const opened = client.moments.find(isAcknowledgment);
  if (opened === undefined) return Number.POSITIVE_INFINITY;
  return opened.hasTimestamps && opened.tsecr === first.tsval ? 0 : opened.frame;
}

/** A repeated SYN gets a SYN-ACK at once, besides those of the timer. */
function answersSyn(synAck: Moment, { client, server }: Story): boolean {
  const [, ...repeated] = client.syns;
  const limit = server.delay * 2 + PROMPT;
  return repeated.some(({ time }) => time <= synAck.time && synAck.time - time < limit);
}

function endOf({ server, isOpenedByServer }: Story): Evidence['end'] {
  if (isOpenedByServer) return 'completed';
  return server.resets.some((reset) => resetForm(reset, server) === 'answer') ? 'reset' : 'open';
}

/** The client's last segment before the server spoke as a connected one. */
function wasCompletedByData(client: Part, server: Part): boolean {
  const spoke = server.moments.find(isAcknowledgment);
  const accepted = client.moments.findLast((moment) => isAcknowledgment(moment) && moment.time < (spoke?.time ?? 0));
  return accepted !== undefined && accepted.length > 0;
}
