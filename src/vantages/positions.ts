import { FIN, SYN } from '../decode/flags.js';
import { distance } from '../decode/sequence.js';

/** Sequence numbers of a direction as bytes since `base`: unrolled, so that they go on rising beyond 2³². Outliers do no harm. */
export function positionsOf(numbers: Int32Array, records: ArrayLike<number>, base: number, shift: number): Float64Array {
  const positions = new Float64Array(records.length);
  let last = base;
  let position = 0;
  for (let i = 0; i < records.length; i++) {
    const number = ((numbers[records[i] as number] as number) - shift) | 0;
    position += distance(number, last);
    last = number;
    positions[i] = position;
  }
  return positions;
}

interface Columns {
  readonly length: Int32Array;
  readonly flags: Int16Array;
}

/** Sequence numbers that a segment takes up: its arrival would be acknowledged. 0 for a bare acknowledgment or a reset. */
export function occupied({ length, flags }: Columns, record: number): number {
  const bits = flags[record] as number;
  return (length[record] as number) + (bits & SYN ? 1 : 0) + (bits & FIN ? 1 : 0);
}
