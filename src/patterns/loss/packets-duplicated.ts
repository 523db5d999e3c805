import { SYN } from '../../decode/flags.js';
import { DUPLICATE_ACK } from '../../flow/seen.js';
import type { Moment } from '../../flow/timeline.js';
import { kindOf, NETWORK_DUPLICATE, NONE, SPURIOUS, type Verdict } from '../../flow/verdict.js';
import { countText } from '../../hosts/wording.js';
import type { Pattern } from '../pattern.js';
import { judged, TWICE } from '../signs.js';
import type { Part } from '../story.js';

interface Evidence {
  /** Packets seen twice, and how many of them had an IP ID. */
  copies: number;
  numbered: number;
  /** How often the receiver reported bytes that arrived twice although they were sent once. */
  reported: number;
}

export const packetsDuplicated: Pattern<'packets-duplicated', Evidence> = {
  id: 'packets-duplicated',
  title: 'The network doubles packets',
  severity: 'warning',
  needs: TWICE | judged(NETWORK_DUPLICATE),
  about: `The same packet arrives twice: same IP ID, same bytes. The sender sent it once, which distinguishes it from a retransmission. Harmless to the data,
    but the answers (duplicate ACKs with D-SACK) can mislead the sender, and something on the way is configured wrongly.`,
  example: `
    0.0000 > . 1000:1100(100) ack 5000 win 500 id 7
    0.0001 > . 1000:1100(100) ack 5000 win 500 id 7    # packets-duplicated
    0.0002 > . 1100:1200(100) ack 5000 win 500 id 8
    0.0003 > . 1100:1200(100) ack 5000 win 500 id 8    # packets-duplicated
  `,
  recognise(part, story) {
    const isCopy = (moment: Moment): boolean => !isRepeatedOn(moment, part) && !answersAnotherSyn(moment, story.other(part));
    const copies = part.moments.filter((moment) => moment.verdict === NETWORK_DUPLICATE && isCopy(moment));
    const isNeedless = (verdict: Verdict): boolean => (verdict & SPURIOUS) > 0 && kindOf(verdict) > 0;
    const explained = part.moments.filter(({ verdict }) => isNeedless(verdict)).length + part.forgotten(isNeedless).segments;
    const count = copies.length + part.forgotten((verdict) => verdict === NETWORK_DUPLICATE).segments;
    const reported = Math.max(0, part.endpoint.arrivedTwice - explained - count);
    const isSeen = copies.length > 0;
    const isReported = !isSeen && reported > 0 && explained === 0 && !part.endpoint.hasResent;
    if (!isSeen && !isReported) return undefined;
    const reports = story.other(part).moments.filter(({ sack }) => sack.length > 0);
    const severity = count + reported > 2 ? 'warning' : 'note';
    const numbered = count - copies.filter(({ ipId }) => ipId <= 0).length;
    return { evidence: { copies: isSeen ? count : 0, numbered, reported }, moments: isSeen ? copies : reports, severity };
  },
  tell: ({ copies, numbered, reported }) =>
    copies > 0
      ? `${countText(copies, 'packet')} arrived twice, ${numbered === copies ? 'with the same IP ID' : 'the same in every field'}.`
      : `The receiver reported ${countText(reported, 'segment')} twice that the sender sent only once.`,
};

/** More of the same acknowledgments follow, which are no copies: so this is likely to be none either, but an answer to one more segment. */
function isRepeatedOn({ frame, ack, length, ipId }: Moment, { moments }: Part): boolean {
  if (length > 0 || ipId > 0) return false;
  return moments.some(
    (later) => later.frame > frame && later.length === 0 && later.ack === ack && later.seen & DUPLICATE_ACK && later.verdict === NONE,
  );
}

/** A SYN-ACK is sent once more for each copy of the SYN, the same in every field. */
function answersAnotherSyn({ flags, frame }: Moment, { syns }: Part): boolean {
  return (flags & SYN) !== 0 && syns.filter((syn) => syn.frame < frame).length > 1;
}
