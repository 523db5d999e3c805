import type { Frame } from '../capture/frame.js';
import type { Solicitation } from '../decode/neighbour.js';
import type { Segment } from '../decode/segment.js';
import type { Flow } from '../flow/flow.js';
import type { Seen } from '../flow/seen.js';
import type { Verdict } from '../flow/verdict.js';
import type { Follower } from '../follow.js';
import type { CaptureGraphs, FlowGraph } from '../graphs.js';
import type { Finding } from '../report.js';
import { Traces } from '../traces/traces.js';
import { clockGraphs } from './clock-graphs.js';
import type { Told } from './findings.js';
import { graphsOf } from './flow-graph.js';
import type { Gathering } from './gathering.js';
import { StateHistory } from './state-history.js';

/** Gathers what graphs are drawn from beside everything else. */
export class GraphRecorder implements Follower {
  readonly inAnyOrder: boolean = true;
  private readonly traces = new Traces();
  private readonly states = new StateHistory();

  constructor(private readonly gathering: Gathering) {}

  solicited(solicitation: Solicitation, frame: Frame): void {
    this.gathering.solicited(solicitation, frame);
  }

  cut(frame: Frame, hasHeader: boolean): void {
    this.gathering.cut(frame, hasHeader);
  }

  noted(segment: Segment, flow: Flow, seen: Seen, verdict: Verdict): void {
    this.traces.noted(segment, flow, seen, verdict);
  }

  corrected(frame: number, verdict: Verdict): void {
    this.traces.corrected(frame, verdict);
  }

  over(flow: Flow, now: number): void {
    const isKept = this.gathering.over(flow, now);
    this.states.learn(flow);
    if (!isKept) this.traces.drop(flow);
  }

  /** Takes over what was recorded of other flows of the same capture. */
  merge(other: GraphRecorder): void {
    this.traces.merge(other.traces);
    this.states.merge(other.states);
  }

  /** The graph of each conversation that gets one. `start`: nanoseconds of the capture's first frame. */
  graphsOf(told: readonly Told[], start: number): (flow: Flow) => FlowGraph | undefined {
    return graphsOf(told, this.traces, start);
  }

  /** What the graphs across all conversations show. */
  across(findings: readonly Finding[], start: number, end: number): CaptureGraphs {
    return {
      states: this.states.counts(start, end),
      clocks: clockGraphs(this.gathering.hosts.clocks, findings, start),
      refused: this.traces.refused,
    };
  }
}
