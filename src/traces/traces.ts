import type { Segment } from '../decode/segment.js';
import type { Flow } from '../flow/flow.js';
import type { Seen } from '../flow/seen.js';
import { CAPTURE_DUPLICATE, type Verdict } from '../flow/verdict.js';
import { FIRST_CAPACITY, Trace } from './trace.js';

/** Rows of all traces together, */
const MOST_ROWS = 1 << 20;
/** and the bytes that they take, with room to grow. */
export const MOST_BYTES: number = 110 * 1024 * 1024;

/** Looking through all traces for room is worth it only now and then. */
const SWEEP_EVERY = 256;
const WORTH_IT = 16;

/** The traces of all flows, within one bound: when that is reached, flows that were plainly healthy give theirs up. */
export class Traces {
  /** Flows, or rows of one, that went unrecorded to stay within the bound. */
  refused = 0;
  private readonly traces = new Map<Flow, Trace>();
  /** How often room was asked for in vain since it was last looked for everywhere. */
  private refusals = 0;
  private left: number;
  private lastFlow: Flow | undefined;
  private lastTrace: Trace | undefined;
  private readonly corrections: { frame: number; verdict: Verdict }[] = [];

  constructor(private readonly mostRows: number = MOST_ROWS) {
    this.left = mostRows;
  }

  of(flow: Flow): Trace | undefined {
    return this.traces.get(flow);
  }

  noted(segment: Segment, flow: Flow, seen: Seen, verdict: Verdict): void {
    if (segment.length < 0 || segment.malformed || verdict === CAPTURE_DUPLICATE) return;
    const trace = flow === this.lastFlow ? this.lastTrace : this.find(flow);
    this.lastFlow = flow;
    this.lastTrace = trace;
    if (trace === undefined) return;
    if (this.corrections.length > 0) this.apply(trace);
    if (trace.isFull && !this.makeRoom(trace)) this.refused++;
    else trace.add(segment, flow, seen, verdict);
  }

  /** The segment that proves it is noted next, and belongs to the same flow. */
  corrected(frame: number, verdict: Verdict): void {
    this.corrections.push({ frame, verdict });
  }

  /** Nobody will ask about the flow. */
  drop(flow: Flow): void {
    const trace = this.traces.get(flow);
    if (trace === undefined) return;
    this.left += trace.columns.capacity;
    this.traces.delete(flow);
    if (flow === this.lastFlow) this.lastFlow = undefined;
  }

  /** Takes over the traces of other flows; nothing more is to be noted. */
  merge(other: Traces): void {
    for (const [flow, trace] of other.traces) this.traces.set(flow, trace);
    this.refused += other.refused;
  }

  private find(flow: Flow): Trace | undefined {
    const known = this.traces.get(flow);
    if (known !== undefined) return known;
    if (flow.firstFrame !== flow.lastFrame) return undefined; // it was refused when it began
    if (!this.take(FIRST_CAPACITY)) {
      this.refused++;
      return undefined;
    }
    const trace = new Trace();
    this.traces.set(flow, trace);
    return trace;
  }

  private makeRoom(trace: Trace): boolean {
    const { growth } = trace;
    if (growth > 0 && this.take(growth)) {
      trace.grow();
      return true;
    }
    return trace.makeRoom();
  }

  /** Takes so many rows off what is left. */
  private take(rows: number): boolean {
    if (this.left < rows && this.refusals++ % SWEEP_EVERY === 0) this.sweep();
    if (this.left < rows) return false;
    this.left -= rows;
    return true;
  }

  /** Flows that have ended and showed nothing remarkable will not be asked about. */
  private sweep(): void {
    const before = this.left;
    for (const [flow, trace] of this.traces) {
      if (!flow.isOver || trace.isRemarkable) continue;
      this.left += trace.columns.capacity;
      this.traces.delete(flow);
    }
    if ((this.left - before) * WORTH_IT >= this.mostRows) this.refusals = 0; // it was worth it: the next one may be, too
    this.lastFlow = undefined;
  }

  private apply(trace: Trace): void {
    for (const { frame, verdict } of this.corrections) trace.correct(frame, verdict);
    this.corrections.length = 0;
  }
}
