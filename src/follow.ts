import type { Anonymizer } from './anonymize/anonymizer.js';
import type { Capture } from './capture/capture.js';
import type { Frame } from './capture/frame.js';
import { Conversations, type Listener } from './conversations.js';
import { decode } from './decode/link.js';
import type { Solicitation } from './decode/neighbour.js';
import { Packet } from './decode/packet.js';
import { Segment } from './decode/segment.js';
import { CUT, ICMP_ERROR, NEIGHBOUR, SAMPLED, SEGMENT, SKIPPED_AS, type Skipped } from './decode/skipped.js';
import type { Filter } from './filter/primitives.js';
import { describe } from './filter/solicitation.js';
import { type BoundsAsked, boundsOf } from './flow/bounds.js';
import type { Flow } from './flow/flow.js';
import type { Analyst } from './flow/table/analyst.js';
import type { Entry } from './flow/table/entry.js';
import { NOBODY } from './flow/table/entry-row.js';
import { fallsTo, type Shard, threadOf, WHOLE } from './flow/table/shard.js';
import { FlowTable, MOST_FETCHED } from './flow/table.js';

/** Who is told what while a capture is read. */
export interface Follower extends Listener {
  /** A frame that was cut before its TCP options, or even its TCP header, end. */
  cut?(frame: Frame, hasHeader: boolean): void;
  /** Somebody asks for the link address of a neighbour, or is answered. The cursors are refilled afterwards. */
  solicited?(solicitation: Solicitation, frame: Frame): void;
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
  /** Other threads that analyse the conversations; this one then only finds them. */
  readonly others?: readonly Analyst[];
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
  /** Segments whose conversations are looked up together; so many of them have been decoded. */
  const ahead = Array.from({ length: MOST_FETCHED }, () => new Segment());
  let decoded = 0;
  const { anonymizer, shard = WHOLE, others = [] } = options;
  /** What is no flow's own is told by one shard. */
  const tellsAll = shard.index === 0;
  const bounds = boundsOf(options);
  const conversations = new Conversations(follower, bounds.slabBytes);
  const analysts: readonly Analyst[] = others.length === 0 ? [conversations] : others;
  const flows = new FlowTable(conversations.entries, bounds.flows, (segment) =>
    fallsTo(segment, shard) ? threadOf(segment, analysts.length) : NOBODY,
  );
  const isWanted = options.filter ?? everything;
  const packets: number[] = SKIPPED_AS.map(() => 0);
  const times = { firstTime: Number.POSITIVE_INFINITY, lastTime: Number.NEGATIVE_INFINITY };
  let joined = 0;
  let filtered = 0;
  for await (const frame of capture) {
    takeAll(frame);
    for (const other of others) await other.caughtUp?.();
  }
  for (const entry of flows.takeAll()) {
    const analyst = analysts[entry.analyst];
    hand(entry);
    const isBehind = analyst?.caughtUp?.();
    if (isBehind !== undefined) await isBehind;
  }
  return { packets, joined, ...times, evicted: flows.evicted, unfollowed: flows.unfollowed, filtered };

  function* goingOn(): Generator<Flow, void, void> {
    for (const entry of flows.goingOn()) {
      if (entry.analyst === NOBODY) continue;
      yield conversations.flowOf(entry);
      if (entry.previous?.flow !== undefined) yield entry.previous.flow;
    }
  }

  /** All frames of a chunk: without an await, and in a function of its own, which is compiled sooner and less often than one with awaits. */
  function takeAll(frame: Frame): void {
    while (frame.next()) {
      follower.arrives?.(frame.time, goingOn);
      times.lastTime = Math.max(times.lastTime, frame.time);
      times.firstTime = Math.min(times.firstTime, frame.time);
      packet.segment = ahead[decoded] as Segment;
      const kind = decode(frame, packet);
      if (kind === SEGMENT && mayWait()) decoded++;
      else {
        passAll();
        take(kind, frame);
        for (; packet.rest.isLeft; joined++) take(packet.rest.next(packet), frame);
      }
      if (decoded === MOST_FETCHED) passAll();
      if (frame.number % HAND_OVER_EVERY === 0) handOver();
    }
    passAll();
  }

  /** Nobody is told of its frame, and nothing else is in it. */
  function mayWait(): boolean {
    return follower.arrives === undefined && !packet.segment.optionsCut && !packet.rest.isLeft;
  }

  function passAll(): void {
    flows.fetch(ahead, decoded);
    packets[SEGMENT] += decoded;
    for (let i = 0; i < decoded; i++) pass(ahead[i] as Segment);
    decoded = 0;
  }

  function take(kind: Skipped, frame: Frame): void {
    const { segment } = packet;
    packets[kind]++;
    if (tellsAll && (kind === CUT || (kind === SEGMENT && segment.optionsCut))) follower.cut?.(frame, kind === SEGMENT);
    if (kind === SEGMENT) pass(segment);
    else if (kind === ICMP_ERROR || kind === SAMPLED) mention(segment, kind);
    else if (kind === NEIGHBOUR) solicit(segment, frame);
  }

  function pass(segment: Segment): void {
    const isHit = isWanted(segment);
    anonymizer?.rewrite(SEGMENT, segment, packet.solicitation);
    const entry = flows.of(segment);
    if (entry === undefined) return;
    if (isHit) entry.isWanted = true;
    const analyst = analysts[entry.analyst];
    analyst?.take(segment, entry);
    if (segment.mptcp === 0 || segment.length < 0) return;
    for (const other of analysts) if (other !== analyst) other.overhear(segment, entry.stream);
  }

  function mention(segment: Segment, kind: typeof ICMP_ERROR | typeof SAMPLED): void {
    anonymizer?.rewrite(kind, segment, packet.solicitation);
    const entry = flows.mention(segment);
    if (entry !== undefined) analysts[entry.analyst]?.mention(segment, entry, kind === ICMP_ERROR);
  }

  function solicit(segment: Segment, frame: Frame): void {
    describe(packet.solicitation, segment);
    const isHit = isWanted(segment);
    anonymizer?.rewrite(NEIGHBOUR, segment, packet.solicitation);
    if (isHit && tellsAll) follower.solicited?.(packet.solicitation, frame);
  }

  function handOver(): void {
    passAll();
    for (const entry of flows.takeFinished(times.lastTime)) hand(entry);
  }

  function hand(entry: Entry): void {
    const over = entry.previous === undefined ? [entry] : [entry.previous, entry];
    if (entry.analyst !== NOBODY) filtered += over.filter(({ isWanted }) => !isWanted).length;
    analysts[entry.analyst]?.end(entry, times.lastTime);
    for (const one of over) one.end();
  }
}

const everything: Filter = () => true;
