import type { Segment } from '../decode/segment.js';
import type { Flow } from '../flow/flow.js';
import { CAPTURE_DUPLICATE, type Verdict } from '../flow/verdict.js';
import type { Recorded } from './recorded.js';
import { Trace } from './trace.js';

/** Keeps of a capture what the comparison with others needs, while somebody else follows it. */
export class Recorder {
  readonly trace: Trace;

  constructor(most?: number) {
    this.trace = new Trace(most);
  }

  /** Copies that the capture itself made are no events of the path. */
  noted(segment: Segment, flow: Flow, verdict: Verdict): void {
    if (verdict !== CAPTURE_DUPLICATE && segment.length >= 0) this.trace.add(segment, flow);
  }

  /** `start` and `end`: times of the first and the last frame, nanoseconds since `epoch`; that is in seconds, since the same moment for all captures. */
  recorded(start: number, end: number, epoch: number): Recorded {
    return { trace: this.trace, lanes: this.trace.lanes(), start, end, epoch };
  }
}
