import type { PathPoint } from '../path-report.js';
import { firstFrom } from '../vantages/count-between.js';
import type { Outcome } from '../vantages/differences.js';
import { DUPLICATED, type Fate, INJECTED, LOST, UNCAPTURED, UNKNOWN } from '../vantages/fates.js';
import type { Encounter } from '../vantages/route.js';

/** What another capture says about a conversation of this one. */
export interface Testimony {
  readonly by: PathPoint;
  /** Its number there; undefined when that capture does not show it at all. */
  readonly stream: number | undefined;
  /** No filter keeps either capture from telling of it. */
  readonly isToldByBoth: boolean;
  /** Segments in either direction, by what became of them between the two. */
  readonly lost: number;
  readonly duplicated: number;
  readonly reordered: number;
  readonly injected: number;
  /** Nobody can say of so many, or one capture missed them. */
  readonly doubtful: number;
  /** Frames of this capture that did not simply pass both points, with their fate. */
  readonly fates: ReadonlyMap<number, Fate>;
  /** Whether a frame of this capture was on its way to the other one; else it came from there. */
  isLeaving(frame: number): boolean;
}

/** What the captures say about one another, conversation by conversation. */
export class Witnesses {
  private readonly testimonies = new Map<string, Testimony[]>();

  constructor(
    encounters: readonly Encounter[],
    private readonly points: readonly PathPoint[],
  ) {
    for (const { one, other, outcomes } of encounters) {
      for (const [out, back] of outcomes) {
        const { pairing, one: near, other: far } = out.met;
        const isToldByBoth = [near, far].every((seen) => seen?.flow.isWanted);
        if (near !== undefined) {
          const given = { ...testimony(this.pointOf(other), far?.flow.stream, out, back), isToldByBoth };
          for (const stream of [near.flow.stream, ...(pairing?.alsoOne ?? [])]) this.add(one, stream, given);
        }
        if (far !== undefined) {
          const given = { ...testimony(this.pointOf(one), near?.flow.stream, back, out), isToldByBoth };
          for (const stream of [far.flow.stream, ...(pairing?.alsoOther ?? [])]) this.add(other, stream, given);
        }
      }
    }
  }

  /** What the other captures say about a conversation of the capture of this name. */
  about(capture: string, stream: number): readonly Testimony[] {
    return this.testimonies.get(`${capture} ${stream}`) ?? [];
  }

  /** How many of the conversations that a capture tells of one of these other captures tells of as well. */
  sharedWith(capture: string, others: readonly string[]): number {
    const isShared = (given: readonly Testimony[]): boolean => given.some((each) => each.isToldByBoth && others.includes(each.by.capture));
    return [...this.testimonies].filter(([key, given]) => key.slice(0, key.lastIndexOf(' ')) === capture && isShared(given)).length;
  }

  private add(capture: number, stream: number, given: Testimony): void {
    const key = `${this.pointOf(capture).capture} ${stream}`;
    this.testimonies.set(key, [...(this.testimonies.get(key) ?? []), given]);
  }

  private pointOf(capture: number): PathPoint {
    return this.points[capture] as PathPoint;
  }
}

/** `leaving` passed this capture first, `coming` passed it second. */
function testimony(by: PathPoint, stream: number | undefined, leaving: Outcome, coming: Outcome): Omit<Testimony, 'isToldByBoth'> {
  const frame = ({ way }: Outcome, position: number, isUp: boolean): number => {
    const { up, ups, down, downs } = way.passage;
    return isUp ? (up.frame[ups[position] as number] as number) : (down.frame[downs[position] as number] as number);
  };
  const fates = new Map<number, Fate>();
  const frames = Int32Array.from(leaving.way.passage.ups, (_, i) => frame(leaving, i, true));
  for (const [i, fate] of leaving.fates.sent.entries()) if (fate !== 0) fates.set(frame(leaving, i, true), fate as Fate);
  for (const [j, fate] of coming.fates.came.entries()) if (fate !== 0) fates.set(frame(coming, j, false), fate as Fate);
  const count = (wanted: readonly Fate[]): number =>
    [leaving, coming].reduce((sum, { fates: { sent, came } }) => sum + [...sent, ...came].filter((fate) => wanted.includes(fate as Fate)).length, 0);
  return {
    by,
    stream,
    lost: count([LOST]) + leaving.way.matching.missing.length + coming.way.matching.missing.length,
    duplicated: count([DUPLICATED]),
    injected: count([INJECTED]),
    doubtful: count([UNKNOWN, UNCAPTURED]),
    reordered: leaving.reordered.length + coming.reordered.length,
    fates,
    isLeaving: (number) => frames[firstFrom(frames, number)] === number,
  };
}
