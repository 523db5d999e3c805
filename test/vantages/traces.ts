import type { Passage } from '../../src/vantages/passage.js';
import { Trace } from '../../src/vantages/trace.js';

/** A segment as a test writes it; what is left out is ordinary. */
export interface Spec {
  /** Nanoseconds. */
  time: number;
  seq: number;
  length?: number;
  ack?: number;
  flags?: number;
  ipId?: number;
  tsval?: number;
  ttl?: number;
}

/** A trace of one direction, without flows. */
export function traceOf(specs: readonly Spec[]): Trace {
  const trace = new Trace();
  trace.count = specs.length;
  for (const column of [
    'time',
    'frame',
    'lane',
    'seq',
    'ack',
    'length',
    'flags',
    'window',
    'ipId',
    'tsval',
    'tsecr',
    'options',
    'ttl',
    'marks',
  ] as const) {
    const made = trace[column].constructor as new (size: number) => never;
    Object.assign(trace, { [column]: new made(specs.length) });
  }
  for (const [i, { time, seq, length = 0, ack = 1, flags = 0x10, ipId = 0, tsval = 0, ttl = 64 }] of specs.entries()) {
    trace.time[i] = time;
    trace.frame[i] = i + 1;
    trace.seq[i] = seq | 0;
    trace.length[i] = length;
    trace.ack[i] = ack;
    trace.flags[i] = flags;
    trace.ipId[i] = ipId;
    trace.tsval[i] = tsval;
    trace.options[i] = tsval === 0 ? 0 : 1 << 22;
    trace.ttl[i] = ttl;
  }
  return trace;
}

export function passageOf(up: readonly Spec[], down: readonly Spec[], shifts: { seq?: number; ack?: number } = {}): Passage {
  const all = (specs: readonly Spec[]): Int32Array => Int32Array.from(specs.keys());
  return { up: traceOf(up), down: traceOf(down), ups: all(up), downs: all(down), seqShift: shifts.seq ?? 0, ackShift: shifts.ack ?? 0 };
}

/** Both captures show the same clock. */
export const SAME_CLOCK = { sent: (time: number): number => time, arrived: (time: number): number => time };
