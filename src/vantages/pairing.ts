import { SYN } from '../decode/flags.js';
import { fingerprint, stamps } from './fingerprint.js';
import { portsKey } from './host-key.js';
import { samePorts } from './same-ports.js';
import type { Trace } from './trace.js';

/** The same conversation in two captures. */
export interface Pairing {
  /** Its number in the one and in the other; further ones where a stray SYN has made it two there. */
  readonly one: number;
  readonly other: number;
  readonly alsoOne: readonly number[];
  readonly alsoOther: readonly number[];
  /** The first endpoint of the one is the second of the other. */
  readonly isCrossed: boolean;
  /** What something on the way adds to the sequence numbers of the one's first and second endpoint; int32. */
  readonly shifts: readonly [number, number];
}

/** So many segments of a capture are looked up; of a longer one a part that both captures choose alike. */
const MOST_INDEXED = 1 << 18;

/**
 * Finds the conversations that two captures have in common. Addresses prove nothing (NAT, private networks), segments do:
 * the same sequence numbers with the same TSval. Where something shifts the sequence numbers, the timestamps do, then the ports.
 */
export function pairFlows(one: Trace, other: Trace): Pairing[] {
  const paired = bySegments(one, other, (trace, i) => at(trace, i, 'exact'));
  const left = (trace: Trace, taken: ReadonlySet<number>): Set<number> =>
    new Set(trace.flows.flatMap(({ stream }) => (taken.has(stream) ? [] : [stream])));
  const leftOne = left(one, new Set(paired.flatMap((pairing) => [pairing.one, ...pairing.alsoOne])));
  const leftOther = left(other, new Set(paired.flatMap((pairing) => [pairing.other, ...pairing.alsoOther])));
  if (leftOne.size === 0 || leftOther.size === 0) return paired;
  const shifted = bySegments(one, other, (trace, i) => at(trace, i, 'stamps'), leftOne, leftOther).filter(({ votes }) => votes > 1);
  const isUnshifted = paired.some(({ shifts }) => shifts[0] === 0 && shifts[1] === 0);
  return isUnshifted || shifted.length > 0 ? [...paired, ...shifted] : samePorts(one, other, leftOne, leftOther);
}

/** The fingerprint of a segment, undefined when it says too little. */
function at(trace: Trace, i: number, kind: 'exact' | 'stamps'): number | undefined {
  const { seq, ack, flags, tsval, tsecr, length } = trace;
  if (kind === 'exact') return fingerprint(seq[i] as number, ack[i] as number, flags[i] as number, tsval[i] as number);
  if (tsval[i] === 0 || tsecr[i] === 0) return undefined;
  return stamps(tsval[i] as number, tsecr[i] as number, length[i] as number, flags[i] as number);
}

type Found = Pairing & { votes: number };

function bySegments(
  one: Trace,
  other: Trace,
  print: (trace: Trace, i: number) => number | undefined,
  among?: ReadonlySet<number>,
  amongOther?: ReadonlySet<number>,
): Found[] {
  const mask = maskFor(Math.max(one.count, other.count));
  const index = new Map<number, number>();
  for (const i of sampled(one, mask, print, among))
    index.set(i.print, index.has(i.print) && !isSameLane(one, index.get(i.print) as number, i.record) ? -1 : i.record);
  const votes = new Map<number, Map<number, Vote>>();
  for (const { print: key, record } of sampled(other, mask, print, amongOther)) {
    const match = index.get(key);
    if (match === undefined || match < 0) continue;
    const lane = one.lane[match] as number;
    const otherLane = other.lane[record] as number;
    const shift = ((other.seq[record] as number) - (one.seq[match] as number)) | 0;
    const mine = votes.get(otherLane >> 1) ?? new Map<number, Vote>();
    votes.set(otherLane >> 1, mine);
    const vote = mine.get(lane >> 1) ?? { count: 0, crossed: 0, shifts: [undefined, undefined] };
    mine.set(lane >> 1, vote);
    vote.count++;
    if ((lane & 1) !== (otherLane & 1)) vote.crossed++;
    vote.shifts[lane & 1] ??= shift;
  }
  return mostVoted(votes, one, other);
}

interface Vote {
  count: number;
  crossed: number;
  shifts: [number | undefined, number | undefined];
}

/** Each flow with the one it shares most with. A flow left over joins the conversation that it shares segments with, where its ports are the same. */
function mostVoted(votes: ReadonlyMap<number, ReadonlyMap<number, Vote>>, one: Trace, other: Trace): Found[] {
  const all = [...votes].flatMap(([stream, mine]) => [...mine].map(([match, vote]) => ({ one: match, other: stream, vote })));
  all.sort((a, b) => b.vote.count - a.vote.count || a.one - b.one);
  const byOne = new Map<number, Joined>();
  const byOther = new Map<number, Joined>();
  for (const { one: stream, other: twin, vote } of all) {
    const [known, knownTwin] = [byOne.get(stream), byOther.get(twin)];
    if (known === undefined && knownTwin === undefined) {
      const shifts: [number, number] = [vote.shifts[0] ?? 0, vote.shifts[1] ?? 0];
      const found = { one: stream, other: twin, alsoOne: [], alsoOther: [], isCrossed: vote.crossed * 2 > vote.count, shifts, votes: vote.count };
      byOne.set(stream, found);
      byOther.set(twin, found);
    } else if (known !== undefined && knownTwin === undefined && haveSamePorts(other, known.other, twin)) {
      known.alsoOther.push(twin);
      byOther.set(twin, known);
    } else if (known === undefined && knownTwin !== undefined && haveSamePorts(one, knownTwin.one, stream)) {
      knownTwin.alsoOne.push(stream);
      byOne.set(stream, knownTwin);
    }
  }
  return [...new Set(byOne.values())];
}

interface Joined extends Found {
  readonly alsoOne: number[];
  readonly alsoOther: number[];
}

function haveSamePorts({ flows }: Trace, a: number, b: number): boolean {
  const [one, other] = [flows[a], flows[b]];
  return one !== undefined && other !== undefined && portsKey(one) === portsKey(other);
}

function* sampled(
  trace: Trace,
  mask: number,
  print: (trace: Trace, i: number) => number | undefined,
  among: ReadonlySet<number> | undefined,
): Generator<{ print: number; record: number }> {
  for (let record = 0; record < trace.count; record++) {
    if (among !== undefined && !among.has((trace.lane[record] as number) >> 1)) continue;
    const hash = print(trace, record);
    if (hash !== undefined && ((hash & mask) === 0 || (trace.flags[record] as number) & SYN)) yield { print: hash, record };
  }
}

function maskFor(count: number): number {
  let mask = 0;
  while (count / (mask + 1) > MOST_INDEXED) mask = mask * 2 + 1;
  return mask;
}

function isSameLane(trace: Trace, a: number, b: number): boolean {
  return a >= 0 && trace.lane[a] === trace.lane[b];
}
