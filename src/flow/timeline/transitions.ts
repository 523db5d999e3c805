import { Rows } from '../memory/rows.js';
import { NONE, type Slab } from '../memory/slab.js';
import type { Basis, State } from '../state.js';
import type { Side } from './moment.js';

/** One end changes its state. */
export interface Transition {
  readonly side: Side;
  /** Nanoseconds since the capture's epoch, by the clock of the capture but at the end in question. */
  readonly at: number;
  /** The frame that shows it. */
  readonly frame: number;
  readonly from: State;
  readonly to: State;
  readonly basis: Basis;
  /** Whether the end received what would have caused it is not proven: what it sends later can disprove it. */
  readonly isAssumed: boolean;
}

/** Of one conversation so many are told apart. */
export const MOST_TRANSITIONS = 200;
/** So many most flows have at most. */
const USUAL = 16;

/** The changes of state of both ends, in the order in which they became known: a row of numbers each. */
export class Transitions {
  private readonly rows: Rows;
  private list: readonly Transition[] | undefined = undefined;
  private isSettled = false;

  constructor(slab: Slab) {
    this.rows = new Rows(slab, USUAL);
  }

  /** In the order of time. */
  get inOrder(): readonly Transition[] {
    this.list ??= Array.from({ length: this.rows.length }, (_, i) => this.transition(i)).sort((a, b) => a.at - b.at);
    return this.list;
  }

  /** Whether an end has entered this state. */
  reach(state: State): boolean {
    for (let i = 0; i < this.rows.length; i++) if (((this.form(i) >> TO) & 0xf) === state) return true;
    return false;
  }

  /** Adds one; a guess of when the same end made the one before gives way to it. */
  enter({ side, at, frame, from, to, basis, isAssumed }: Transition): void {
    const { rows } = this;
    if (rows.length >= MOST_TRANSITIONS) return;
    this.list = undefined;
    for (let i = rows.length - 1; i >= 0; i--) {
      if ((this.form(i) & 1) !== side) continue;
      if (this.time(i) <= at) break;
      this.setTime(i, at);
    }
    if (rows.add() === NONE) return;
    const row = rows.row(rows.length - 1);
    rows.slab.words[row * WIDTH + FORM] = side | (from << FROM) | (to << TO) | (BASES.indexOf(basis) << BASIS) | (isAssumed ? ASSUMED : 0);
    rows.slab.words[row * WIDTH + FRAME] = frame;
    this.setTime(rows.length - 1, at);
  }

  /** It is known better now when a side entered a state the last time. */
  date(side: Side, to: State, at: number): void {
    for (let i = this.rows.length - 1; i >= 0; i--) {
      if ((this.form(i) & 1) !== side || ((this.form(i) >> TO) & 0xf) !== to) continue;
      this.setTime(i, at);
      this.list = undefined;
      return;
    }
  }

  /**
   * Takes back what was assumed of one side up to `until`, because it does not behave so.
   * Returns the first transition that is taken back.
   */
  retract(side: Side, until: number, only?: State): Transition | undefined {
    let earliest: Transition | undefined;
    for (let i = this.rows.length - 1; i >= 0; i--) {
      const transition = this.transition(i);
      if (transition.side !== side) continue;
      const isKept = only !== undefined && transition.to !== only;
      if ((!transition.isAssumed && only === undefined) || transition.at > until || isKept) break;
      earliest = transition;
      this.rows.remove(i, 1);
      this.list = undefined;
    }
    return earliest;
  }

  /** They no longer lie in what all flows share. */
  settle(): void {
    this.rows.settle();
    this.isSettled = true;
  }

  /** Nobody reads them any more, unless they have settled. */
  release(): void {
    if (!this.isSettled) this.rows.clear();
  }

  private transition(i: number): Transition {
    const form = this.form(i);
    return {
      side: (form & 1) as Side,
      at: this.time(i),
      frame: this.rows.slab.words[this.rows.row(i) * WIDTH + FRAME] as number,
      from: ((form >> FROM) & 0xf) as State,
      to: ((form >> TO) & 0xf) as State,
      basis: BASES[(form >> BASIS) & 3] as Basis,
      isAssumed: (form & ASSUMED) !== 0,
    };
  }

  private form(i: number): number {
    return this.rows.slab.words[this.rows.row(i) * WIDTH + FORM] as number;
  }

  private time(i: number): number {
    return this.rows.slab.doubles[(this.rows.row(i) * WIDTH) / 2 + TIME] as number;
  }

  private setTime(i: number, at: number): void {
    this.rows.slab.doubles[(this.rows.row(i) * WIDTH) / 2 + TIME] = at;
  }
}

const BASES: readonly Basis[] = ['seen', 'inferred', 'timer'];

/** Words of a row: what it is, its frame, and its time as a double. */
export const WIDTH = 4;
const FORM = 0;
const FRAME = 1;
const TIME = 1;
// Bits of the first word; the lowest is the side
const FROM = 1;
const TO = 5;
const BASIS = 9;
const ASSUMED = 1 << 11;
