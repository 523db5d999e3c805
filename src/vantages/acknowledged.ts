import { ACK, RST } from '../decode/flags.js';
import type { Passage } from './passage.js';
import { occupied, positionsOf } from './positions.js';
import { Spans } from './spans.js';
import type { Trace } from './trace.js';

/** Which segments the receiver acknowledged although the capture at the other point shows none of their bytes: that capture missed them. */
export interface Acknowledged {
  /** One of `ups` that is missing at the second point; one of `downs` that is missing at the first. */
  up(i: number): boolean;
  down(j: number): boolean;
}

/** `back` is the direction in which the acknowledgments go. */
export function acknowledged({ up, down, ups, downs, seqShift }: Passage, back: Passage): Acknowledged {
  const base = ups.length > 0 ? (up.seq[ups[0] as number] as number) : ((down.seq[downs[0] ?? 0] as number) - seqShift) | 0;
  const sent = rangesOf(up, ups, base, 0);
  const came = rangesOf(down, downs, base, seqShift);
  const [sentSpans, cameSpans] = [new Spans(sent), new Spans(came)];
  const highest = Math.max(sentSpans.highest, cameSpans.highest);
  const proven = Math.max(highestAck(back.up, back.ups, base, seqShift, highest), highestAck(back.down, back.downs, base, 0, highest));
  const isMissed = ({ from, to }: { from: number; to: number }, shown: Spans): boolean => from < to && to <= proven && !shown.covers(from, to);
  return { up: (i) => isMissed(sent[i] as Range, cameSpans), down: (j) => isMissed(came[j] as Range, sentSpans) };
}

interface Range {
  from: number;
  to: number;
}

function rangesOf(trace: Trace, records: Int32Array, base: number, shift: number): Range[] {
  const positions = positionsOf(trace.seq, records, base, shift);
  return Array.from(records, (record, i) => ({ from: positions[i] as number, to: (positions[i] as number) + occupied(trace, record) }));
}

/** The highest acknowledgment; one of what was never sent proves nothing. */
function highestAck(trace: Trace, records: Int32Array, base: number, shift: number, highest: number): number {
  const acks = records.filter((record) => ((trace.flags[record] as number) & (ACK | RST)) === ACK);
  return positionsOf(trace.ack, acks, base, shift).reduce((most, ack) => (ack <= highest ? Math.max(most, ack) : most), Number.NEGATIVE_INFINITY);
}
