import type { Anonymizer } from './anonymize/anonymizer.js';
import type { Capture } from './capture/capture.js';
import type { Frame } from './capture/frame.js';
import { Conversations, type Noted } from './conversations.js';
import { decode } from './decode/link.js';
import type { Solicitation } from './decode/neighbour.js';
import { Packet } from './decode/packet.js';
import { CUT, ICMP_ERROR, NEIGHBOUR, SAMPLED, SEGMENT, SKIPPED_AS, type Skipped } from './decode/skipped.js';
import type { Filter } from './filter/primitives.js';
import { describe } from './filter/solicitation.js';
import { type BoundsAsked, boundsOf } from './flow/bounds.js';
import type { Flow } from './flow/flow.js';
import { Shared } from './flow/shared.js';
import type { Entry } from './flow/table/entry.js';
import { mention } from './flow/table/mentions.js';
import { type Shard, WHOLE } from './flow/table/shard.js';
import { FlowTable, isReadByWireshark } from './flow/table.js';
import type { Verdict } from './flow/verdict.js';

/** Who is told what while a capture is read. */
export interface Follower {
  /** It is all the same to it which of two conversations it is told of first, as long as the segments of each come in their order. */
  readonly inAnyOrder?: boolean;
  /** The time of a frame, before it counts, and the flows that are going on then. */
  arrives?(time: number, goingOn: () => Iterable<Flow>): void;
  /** What was seen of a segment, and how it was judged. */
  noted?: Noted;
  /** What came later has changed the verdict on a frame. */
  corrected?(frame: number, verdict: Verdict): void;
  /** A frame that was cut before its TCP options, or even its TCP header, end. */
  cut?(frame: Frame, hasHeader: boolean): void;
  /** Somebody asks for the link address of a neighbour, or is answered. The cursors are refilled afterwards. */
  solicited?(solicitation: Solicitation, frame: Frame): void;
  /** Nothing more is to come of a flow; who keeps it settles it. `now` is the time up to which it was followed. */
  over(flow: Flow, now: number): void;
  /** The same of a flow that the filter leaves out. */
  unwanted?(flow: Flow): void;
}

/** What was read of a capture. */
export interface Followed {
  /** By what they turned out to be, in the order of decode/skipped.ts: one in each frame, */
  packets: number[];
  /** and so many more in frames that carry several. */
  joined: number;
  /** Time of the first and of the last frame; they need not come in order. */
  firstTime: number;
  lastTime: number;
  /** Conversations that were given up to stay within the limit. */
  evicted: number;
  /** Segments of such, and of others for which there was no room any more. */
  unfollowed: number;
  /** Conversations of this shard that the filter left out. */
  filtered: number;
}

export interface FollowOptions extends BoundsAsked {
  /** Only the conversations that fall to it; they keep their numbers. */
  readonly shard?: Shard;
  /** Only conversations with a segment that it lets pass; they keep their numbers. */
  readonly filter?: Filter;
  /** Nobody gets to know the original addresses. */
  readonly anonymizer?: Anonymizer;
}

/** Frames after which flows that are over are handed on: the same ones, however the bytes come in. */
const HAND_OVER_EVERY = 1024;

/** The pipeline: frames become segments, each advances its flow after being asked about, and a flow that is over is handed on. */
export async function follow(capture: Capture, follower: Follower, options: FollowOptions = {}): Promise<Followed> {
  const packet = new Packet();
  const { segment } = packet;
  const { anonymizer, shard = WHOLE } = options;
  /** What is no flow's own is told by one shard. */
  const tellsAll = shard.index === 0;
  const bounds = boundsOf(options);
  const shared = new Shared(follower.corrected?.bind(follower) ?? nobody, bounds.slabBytes);
  const flows = new FlowTable(shared, bounds.flows, shard);
  const isAlert = follower.noted !== undefined || follower.corrected !== undefined || follower.arrives !== undefined;
  const conversations = new Conversations(shared, follower.noted?.bind(follower), !isAlert || follower.inAnyOrder === true);
  const isWanted = options.filter ?? everything;
  const packets: number[] = SKIPPED_AS.map(() => 0);
  const times = { firstTime: Number.POSITIVE_INFINITY, lastTime: Number.NEGATIVE_INFINITY };
  let joined = 0;
  let filtered = 0;
  for await (const frame of capture) {
    while (frame.next()) {
      follower.arrives?.(frame.time, goingOn);
      times.lastTime = Math.max(times.lastTime, frame.time);
      times.firstTime = Math.min(times.firstTime, frame.time);
      take(decode(frame, packet), frame);
      for (; packet.rest.isLeft; joined++) take(packet.rest.next(packet), frame);
      if (frame.number % HAND_OVER_EVERY === 0) for (const entry of flows.takeFinished(times.lastTime)) hand(entry);
    }
  }
  for (const entry of flows.takeAll()) hand(entry);
  return { packets, joined, ...times, evicted: flows.evicted, unfollowed: flows.unfollowed, filtered };

  function* goingOn(): Generator<Flow, void, void> {
    for (const entry of flows.goingOn()) {
      if (!entry.isOwn) continue;
      yield conversations.flowOf(entry);
      if (entry.previous?.flow !== undefined) yield entry.previous.flow;
    }
  }

  function take(kind: Skipped, frame: Frame): void {
    packets[kind]++;
    if (tellsAll && (kind === CUT || (kind === SEGMENT && segment.optionsCut))) follower.cut?.(frame, kind === SEGMENT);
    if (kind === SEGMENT || kind === ICMP_ERROR || kind === NEIGHBOUR || kind === SAMPLED) attend(kind, frame);
  }

  function attend(kind: Skipped, frame: Frame): void {
    if (kind === NEIGHBOUR) describe(packet.solicitation, segment);
    const isHit = isWanted(segment);
    anonymizer?.rewrite(packet, kind);
    if (kind === SEGMENT) pass(isHit);
    else if (kind === ICMP_ERROR || kind === SAMPLED) mentioned(kind === ICMP_ERROR);
    else if (isHit && tellsAll) follower.solicited?.(packet.solicitation, frame);
  }

  function pass(isHit: boolean): void {
    const entry = flows.of(segment);
    if (!entry?.isOwn) return;
    if (isHit) entry.isWanted = true;
    conversations.take(segment, entry);
  }

  function mentioned(isQuoted: boolean): void {
    const entry = flows.mention(segment);
    if (!entry?.isOwn) return;
    const flow = conversations.flowOf(entry);
    if (isReadByWireshark(segment)) mention(flow, segment);
    if (isQuoted) flow.quote(segment);
  }

  /** A conversation is over, and with it the one before it: what the later one shows of the earlier one is known by then. */
  function hand(entry: Entry): void {
    const over = entry.previous === undefined ? [entry] : [entry.previous, entry];
    if (entry.isOwn) {
      if (follower.unwanted !== undefined || over.some(({ isWanted }) => isWanted)) conversations.flowOf(entry);
      for (const one of over) tell(one);
      for (const one of over) conversations.forget(one); // a follower may have settled it together with the one before it
    }
    for (const one of over) flows.forget(one);
  }

  function tell({ flow, isWanted, givenUpAt }: Entry): void {
    if (!isWanted) filtered++;
    if (flow === undefined) return;
    flow.isWanted = isWanted;
    flow.givenUpAt = givenUpAt;
    if (isWanted) follower.over(flow, Math.min(times.lastTime, givenUpAt));
    else follower.unwanted?.(flow);
  }
}

const everything: Filter = () => true;

const nobody = (): void => {};
