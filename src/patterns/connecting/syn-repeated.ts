import { ACK, CWR, ECE } from '../../decode/flags.js';
import type { Moment } from '../../flow/timeline.js';
import { NETWORK_DUPLICATE, RESENT_SYN } from '../../flow/verdict.js';
import { countText, durationText } from '../../hosts/wording.js';
import type { Pattern } from '../pattern.js';
import { judged, OPENING } from '../signs.js';
import { isAcknowledgment, type Story } from '../story.js';

interface Evidence {
  syns: number;
  /** Nanoseconds from the first SYN to the answer that counted. */
  delay: number;
  /** The SYN-ACK echoes the timestamp of the first SYN: that one had arrived. */
  answersFirst: boolean;
  /** More SYN-ACKs than one came for it. */
  synAcks: number;
  /** What the first SYN asked for and the answered one no longer did. */
  dropped: 'ECN' | 'Fast Open' | undefined;
  /** Nanoseconds from the first SYN to the first SYN-ACK, when that answers the first. */
  roundTrip: number | undefined;
}

export const synRepeated: Pattern<'syn-repeated', Evidence> = {
  id: 'syn-repeated',
  title: 'Connected only after repeating the SYN',
  severity: 'warning',
  needs: OPENING | judged(RESENT_SYN, NETWORK_DUPLICATE),
  about: `The connection came about, but not at the first attempt: a SYN or its answer got lost, was late or was refused in silence.
    People see pages that take one, two or three seconds longer than usual.`,
  example: `
    0.000 > S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>      # syn-repeated
    1.020 > S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 1120 ecr 0,nop,wscale 7>     # syn-repeated
    1.030 < S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 900 ecr 1120,nop,wscale 7>   # syn-repeated
    1.031 > .  1001:1001(0) ack 5001 win 502   <nop,nop,TS val 1130 ecr 900>
  `,
  recognise({ role }, story) {
    if (role !== 'client') return undefined;
    const { client, server } = story;
    const [first] = client.syns;
    const answer = server.syns.find(({ ack }) => first !== undefined && ack === ((first.seq + 1) | 0));
    if (first === undefined || answer === undefined || client.syns.length < 2 || wasStrangelyAnswered(story)) return undefined;
    const before = client.syns.filter(({ frame, flags }) => frame < answer.frame && !(flags & ACK));
    const last = before.at(-1);
    if (last === undefined || before.length < 2) return undefined;
    const answersFirst = answer.hasTimestamps && answer.tsecr === first.tsval;
    const evidence = {
      syns: before.length,
      delay: answer.time - first.time,
      answersFirst,
      synAcks: server.syns.length,
      dropped: droppedBetween(first, last),
      roundTrip: answersFirst ? answer.time - first.time : undefined,
    };
    return { evidence, moments: [...before, answer] };
  },
  tell: ({ syns, delay, dropped }) =>
    `It took ${countText(syns, 'SYN')} and ${durationText(delay)} to get an answer${dropped === undefined ? '' : `; the one that was answered no longer asked for ${dropped}`}.`,
};

function droppedBetween(first: Moment, last: Moment): 'ECN' | 'Fast Open' | undefined {
  if (first.flags & (ECE | CWR) && !(last.flags & (ECE | CWR))) return 'ECN';
  if (first.length > 0 && last.length === 0) return 'Fast Open';
  return undefined;
}

/** Instead of a SYN-ACK came an ACK that does not fit: another story. */
function wasStrangelyAnswered({ client, server }: Story): boolean {
  const [first] = client.syns;
  return server.moments.some(
    (moment) =>
      isAcknowledgment(moment) && first !== undefined && moment.ack !== ((first.seq + 1) | 0) && moment.frame < (server.syns[0]?.frame ?? 0),
  );
}
