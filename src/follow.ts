import type { Capture } from './capture/capture.js';
import type { Frame } from './capture/frame.js';
import { decode } from './decode/link.js';
import type { Solicitation } from './decode/neighbour.js';
import { Packet } from './decode/packet.js';
import type { Segment } from './decode/segment.js';
import { CUT, ICMP_ERROR, NEIGHBOUR, SEGMENT, SKIPPED_AS } from './decode/skipped.js';
import type { Flow } from './flow/flow.js';
import type { Seen } from './flow/seen.js';
import { FlowTable, MOST_FLOWS } from './flow/table.js';
import { NONE, type Verdict } from './flow/verdict.js';
import { prepare } from './flow/wireshark.js';
import { observe } from './observations/index.js';

/** Who is told what while a capture is read. */
export interface Follower {
  /** The time of a frame, before it counts. */
  arrives?(time: number): void;
  /** What was seen of a segment, and how it was judged. */
  noted?(segment: Segment, flow: Flow, seen: Seen, verdict: Verdict): void;
  /** What came later has changed the verdict on a frame. */
  corrected?(frame: number, verdict: Verdict): void;
  /** A frame that was cut before its TCP options, or even its TCP header, end. */
  cut?(frame: Frame, hasHeader: boolean): void;
  /** Somebody asks for the link address of a neighbour, or is answered. The cursors are refilled afterwards. */
  solicited?(solicitation: Solicitation, frame: Frame): void;
  /** Nothing more is to come of a flow. `now` is the time up to which the capture has been read. */
  over(flow: Flow, now: number): void;
}

/** What was read of a capture. */
export interface Followed {
  /** Frames by what they turned out to be, in the order of decode/skipped.ts. */
  frames: number[];
  /** Time of the first and of the last frame; they need not come in order. */
  firstTime: number;
  lastTime: number;
  /** Conversations that were given up to stay within the limit. */
  evicted: number;
}

/** The pipeline: frames become segments, each advances its flow after being asked about, and a flow that is over is handed on. */
export async function follow(capture: Capture, follower: Follower, mostFlows: number = MOST_FLOWS): Promise<Followed> {
  const packet = new Packet();
  const { segment } = packet;
  const flows = new FlowTable(follower.corrected?.bind(follower), mostFlows);
  const frames: number[] = SKIPPED_AS.map(() => 0);
  let firstTime = Number.POSITIVE_INFINITY;
  let lastTime = Number.NEGATIVE_INFINITY;
  for await (const frame of capture) {
    while (frame.next()) {
      const kind = decode(frame, packet);
      frames[kind]++;
      follower.arrives?.(frame.time);
      lastTime = Math.max(lastTime, frame.time);
      firstTime = Math.min(firstTime, frame.time);
      if (kind === CUT || (kind === SEGMENT && segment.optionsCut)) follower.cut?.(frame, kind === SEGMENT);
      if (kind === SEGMENT) pass(segment, flows, follower);
      else if (kind === ICMP_ERROR) flows.quoted(segment)?.quote(segment);
      else if (kind === NEIGHBOUR) follower.solicited?.(packet.solicitation, frame);
    }
    for (const flow of flows.takeFinished(lastTime)) follower.over(flow, lastTime);
  }
  for (const flow of flows.takeAll()) follower.over(flow, lastTime);
  return { frames, firstTime, lastTime, evicted: flows.evicted };
}

/** One segment: asked against what was known before, then what is known moves on. */
function pass(segment: Segment, flows: FlowTable, follower: Follower): void {
  const flow = flows.of(segment);
  const sender = flow.sender(segment);
  const receiver = flow.peer(sender);
  if (segment.length < 0) {
    flow.pass(segment, sender);
    follower.noted?.(segment, flow, 0, NONE);
    return;
  }
  prepare(segment, sender.wireshark, receiver.wireshark);
  const seen = observe(segment, sender, receiver, flow);
  const verdict = flow.advance(segment, seen, sender, receiver);
  follower.noted?.(segment, flow, seen, verdict);
}
