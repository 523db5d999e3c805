import { ACK, flagLetters, SYN } from '../decode/flags.js';
import { distance } from '../decode/sequence.js';
import type { Flow } from '../flow/flow.js';
import { verdictName } from '../flow/verdict.js';
import type { FlowGraph, GraphPoint } from '../graphs.js';
import { observations } from '../observations/index.js';
import { type Columns, MOST_BLOCKS } from '../traces/columns.js';
import type { Trace } from '../traces/trace.js';
import type { Traces } from '../traces/traces.js';
import type { Told } from './findings.js';

/** So many conversations get graphs, and so many points beside the marked ones they share. */
const MOST_FLOWS = 24;
const MOST_POINTS = 32_000;
const MOST_OF_ONE = 8192;

/** The graph of each conversation that gets one: the first ones, which are the worst. */
export function graphsOf(told: readonly Told[], traces: Traces, start: number): (flow: Flow) => FlowGraph | undefined {
  const flows = new Set(told.slice(0, MOST_FLOWS).map(({ flow }) => flow));
  const each = Math.min(MOST_OF_ONE, Math.floor(MOST_POINTS / Math.max(flows.size, 1)));
  return (flow) => {
    const trace = flows.has(flow) ? traces.of(flow) : undefined;
    return trace && flowGraph(trace, flow, start, each);
  };
}

/** A trace for the report, with about so many points beside the marked ones. `start`: nanoseconds of the capture's first frame. */
function flowGraph(trace: Trace, flow: Flow, start: number, most: number): FlowGraph {
  trace.thin(most);
  const numbers: [Unwrapped, Unwrapped] = [new Unwrapped(flow.first.wireshark.baseSeq), new Unwrapped(flow.second.wireshark.baseSeq)];
  const points = Array.from({ length: trace.rows }, (_, row) => point(trace.columns, row, flow, start, numbers));
  return { points: points.sort((a, b) => a.at - b.at || a.frame - b.frame), segments: trace.segments };
}

function point(columns: Columns, row: number, flow: Flow, start: number, numbers: [Unwrapped, Unwrapped]): GraphPoint {
  const at = (column: ArrayLike<number>): number => column[row] as number;
  const side = at(columns.side) as 0 | 1;
  const flags = at(columns.flags);
  const own = numbers[side];
  const other = numbers[side === 0 ? 1 : 0];
  const seq = flags & SYN ? 0 : own.of(at(columns.seq));
  const ack = flags & ACK ? other.of(at(columns.ack)) : null;
  const first = row * MOST_BLOCKS * 2;
  const edges = Array.from(columns.edges.subarray(first, first + at(columns.blocks) * 2), (edge) => other.of(edge));
  return {
    frame: at(columns.frame),
    at: (at(columns.time) - start) / 1e9,
    side: side === flow.client.side ? 'client' : 'server',
    flags: flagLetters(flags),
    seq,
    length: at(columns.length),
    ack,
    edge: ack === null ? null : ack + at(columns.window),
    sack: edges.flatMap((edge, i) => (i % 2 === 0 ? [[edge, edges[i + 1] ?? edge] as const] : [])),
    flight: at(columns.flight),
    room: at(columns.room) < 0 ? null : at(columns.room),
    roundTrip: at(columns.roundTrip) < 0 ? null : at(columns.roundTrip) / 1e9,
    carried: at(columns.carried),
    observed: observations.filter(({ bit }) => at(columns.seen) & bit).map(({ id }) => id),
    verdict: verdictName(at(columns.verdict)),
    isMarked: at(columns.isMarked) === 1,
  };
}

/** Sequence numbers of one end counted from its first one, without an end at 2³². */
class Unwrapped {
  private last = 0;

  constructor(private lastSeq: number) {}

  of(seq: number): number {
    const here = this.last + distance(seq, this.lastSeq);
    if (here > this.last) {
      this.last = here;
      this.lastSeq = seq;
    }
    return here;
  }
}
