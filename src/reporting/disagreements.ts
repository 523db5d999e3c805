import type { Flow } from '../flow/flow.js';
import {
  ACK_LOST_SEGMENT,
  FAST_RETRANSMISSION,
  KEEP_ALIVE,
  OUT_OF_ORDER,
  RETRANSMISSION,
  type Seen,
  SPURIOUS_RETRANSMISSION,
  ZERO_WINDOW_PROBE,
} from '../flow/seen.js';
import type { Moment } from '../flow/timeline.js';
import type { Proof } from '../flow/verdict/proof.js';
import {
  CAPTURE_DUPLICATE,
  isResent,
  KEEP_ALIVE_PROBE,
  kindOf,
  NETWORK_DUPLICATE,
  NONE,
  REORDERED,
  RESENT_FAST,
  RESENT_FIN,
  RESENT_PROBE,
  RESENT_SYN,
  RESENT_TIMEOUT,
  SPURIOUS,
  type Verdict,
  verdictName,
  WINDOW_PROBE,
} from '../flow/verdict.js';
import { countText, durationText } from '../hosts/wording.js';
import type { Disagreement, Disagreements } from '../report.js';

/** So many are told of a conversation; all are counted. */
const MOST = 16;

/** Where Wireshark's flags and our verdicts on a conversation part, in the order of the capture, each with what it rests on. */
export function disagreementsOf({ timeline, flaggedCopies, captureCopyFrames }: Flow): Disagreements {
  const all = timeline.moments.flatMap(disagreement);
  const copies: Disagreement[] =
    flaggedCopies === 0 ? [] : [{ frame: captureCopyFrames[0] ?? 0, verdict: verdictName(CAPTURE_DUPLICATE), sentence: copiesText(flaggedCopies) }];
  return { count: all.length + flaggedCopies, listed: [...all.slice(0, MOST), ...copies] };
}

function copiesText(count: number): string {
  return `Wireshark flags ${countText(count, 'copy', 'copies')} of packets; the capture itself made them: same bytes and IP ID; their TTL, tag or interface differs, one frame holds them all, or nearly every packet comes twice.`;
}

function disagreement(moment: Moment): Disagreement[] {
  const { frame, seen, verdict } = moment;
  const sentence = disagreementText(moment);
  return sentence === undefined ? [] : [{ frame, verdict: verdictName(verdict), sentence: `Wireshark: ${flagText(seen)}; ${sentence}.` }];
}

/** What is held against the flags of a segment, with the evidence; undefined where flags and verdict say the same. */
function disagreementText(moment: Moment): string | undefined {
  const { seen, verdict, proof } = moment;
  if (seen & ACK_LOST_SEGMENT && proof?.by === 'captured') return 'every byte up to there was captured before, some of it in a window probe';
  if ((seen & JUDGED) === 0 ? verdict === NONE : agrees(seen, verdict)) return undefined;
  if (verdict === NONE) return proof === undefined ? undefined : `not sent again: ${strayText(proof)}`;
  return [whatText(moment), proofText(moment), needlessText(moment)].filter((part) => part !== '').join('; ');
}

const RESENT = RETRANSMISSION | FAST_RETRANSMISSION | SPURIOUS_RETRANSMISSION;
/** Flags that say of a segment what verdicts say as well. */
const JUDGED = RESENT | OUT_OF_ORDER | KEEP_ALIVE | ZERO_WINDOW_PROBE;

/** A plain "retransmission" leaves the kind open, and cannot know yet that it was needless; the others commit themselves. */
function agrees(seen: Seen, verdict: Verdict): boolean {
  if (verdict === REORDERED) return (seen & OUT_OF_ORDER) !== 0;
  if (verdict === WINDOW_PROBE) return (seen & ZERO_WINDOW_PROBE) !== 0;
  if (verdict === KEEP_ALIVE_PROBE) return (seen & KEEP_ALIVE) !== 0;
  if (!isResent(verdict)) return false;
  const isNeedless = (verdict & SPURIOUS) !== 0;
  if (seen & SPURIOUS_RETRANSMISSION) return isNeedless;
  if (seen & FAST_RETRANSMISSION) return kindOf(verdict) === RESENT_FAST && !isNeedless;
  return (seen & RETRANSMISSION) !== 0 && !isNeedless;
}

function flagText(seen: Seen): string {
  if (seen & FAST_RETRANSMISSION) return 'fast retransmission';
  if (seen & SPURIOUS_RETRANSMISSION) return 'spurious retransmission';
  if (seen & RETRANSMISSION) return 'retransmission';
  if (seen & OUT_OF_ORDER) return 'out-of-order';
  if (seen & ZERO_WINDOW_PROBE) return 'zero window probe';
  if (seen & KEEP_ALIVE) return 'keep-alive';
  return seen & ACK_LOST_SEGMENT ? 'ACKed unseen segment' : 'no flag';
}

function whatText({ verdict, earlier, time }: Moment): string {
  if (verdict === REORDERED) return 'sent once and overtaken on the way';
  if (verdict === NETWORK_DUPLICATE) return 'sent once and doubled on the way';
  if (verdict === WINDOW_PROBE) return 'asks a receiver without room whether it has some again';
  if (verdict === KEEP_ALIVE_PROBE) return 'asks an idle peer whether it is still there';
  const after = earlier === undefined ? '' : ` after ${durationText(time - earlier.time)}`;
  return `resent${after}${WHY.get(kindOf(verdict)) ?? ''}`;
}

const WHY: ReadonlyMap<Verdict, string> = new Map([
  [RESENT_TIMEOUT, ' by timeout'],
  [RESENT_FAST, ' because its peer reported something missing'],
  [RESENT_PROBE, ' as a probe of the tail'],
  [RESENT_SYN, ', the SYN'],
  [RESENT_FIN, ', the FIN'],
]);

/** Which of two segments was sent first, or which packet it is. */
function proofText({ verdict, proof, earlier }: Moment): string {
  const order = verdict === REORDERED ? 'before' : 'after';
  if (proof?.by === 'timestamp') return `its TSval shows that it was sent ${order} frame ${proof.frame}`;
  if (proof?.by === 'ip-id') return `its IP ID shows that it was sent ${order} frame ${proof.frame}`;
  if (proof?.by === 'timing')
    return `it came ${verdict === REORDERED ? 'sooner than a round trip' : 'a round trip or more'} after frame ${proof.frame}`;
  if (proof?.by === 'same-packet') return `it is the packet of frame ${proof.frame}: all fields are equal`;
  return isResent(verdict) && earlier !== undefined ? `frame ${earlier.frame} holds the same bytes` : '';
}

function needlessText({ verdict, needless }: Moment): string {
  if (!(verdict & SPURIOUS)) return '';
  if (needless?.by === 'd-sack') return `needless: frame ${needless.frame} reports the bytes as received twice (D-SACK)`;
  if (needless?.by === 'echo') return `needless: the TSecr of frame ${needless.frame} is older than its TSval, so it answers an earlier one`;
  if (needless?.by === 'first-copy') return `needless: its first copy came after all, in frame ${needless.frame}`;
  if (needless?.by === 'further-ack') return `needless: frame ${needless.frame} acknowledges what came behind it and was never sent again (F-RTO)`;
  if (needless?.by === 'too-soon') return `needless: frame ${needless.frame} acknowledges it sooner than any round trip`;
  return needless?.by === 'sacked' ? 'needless: SACK had reported the bytes before' : 'needless: the bytes had been acknowledged before';
}

function strayText({ by }: Proof): string {
  if (by === 'other-clock') return 'what used these sequence numbers before has the timestamp of another clock';
  return by === 'before-syn' ? 'it lies before the SYN and belongs to the connection before, which goes on' : 'these bytes were not captured before';
}
