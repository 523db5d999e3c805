import { CaptureError } from '../../capture/error.js';
import { STATE_NAMES } from '../../flow/state.js';
import type { Socket } from './socket.js';

/** How many sockets of a host are in which state, at one of many moments. */
export interface Census {
  /** Seconds after the start of the capture. */
  readonly seconds: number;
  readonly host: string;
  /** By netstat's names. */
  readonly counts: Readonly<Record<string, number>>;
}

/** More lines than this nobody reads; it is a slip of the pen. */
const MOST_MOMENTS = 100_000;
/** So many hosts are told apart. */
const MOST_HOSTS = 50;

/** Counts sockets at regular moments from what enters and leaves a state between two of them. */
export class Population {
  private readonly changes = new Map<string, ByState>();

  /** Nanoseconds between the moments, and of the first. */
  constructor(
    private readonly every: number,
    private readonly start: () => number,
  ) {}

  add({ host, stays }: Socket): void {
    for (const { state, from, to } of stays) {
      const [first, end] = [this.momentAfter(from), this.momentAfter(to)];
      if (first === end) continue;
      this.change(host, STATE_NAMES[state] ?? '', first, 1);
      this.change(host, STATE_NAMES[state] ?? '', end, -1);
    }
  }

  *counts(until: number): Generator<Census, void, void> {
    const moments = Math.floor((until - this.start()) / this.every);
    if (moments > MOST_MOMENTS) throw new CaptureError(`${moments} moments are too many to list: choose a longer span for --every`);
    const hosts = this.largest();
    const now = new Map([...hosts.keys()].map((host) => [host, new Map<string, number>()]));
    for (let moment = 0; moment <= moments; moment++) {
      for (const [host, states] of hosts) {
        const counts = now.get(host) ?? new Map<string, number>();
        for (const [state, changes] of states) counts.set(state, (counts.get(state) ?? 0) + (changes.get(moment) ?? 0));
        yield { seconds: (moment * this.every) / 1e9, host, counts: Object.fromEntries([...counts].filter(([, count]) => count > 0)) };
      }
    }
  }

  /** The hosts whose sockets changed most; the others are counted together. */
  private largest(): Map<string, ByState> {
    const sizes = new Map([...this.changes].map(([host, states]) => [host, [...states.values()].reduce((sum, changes) => sum + changes.size, 0)]));
    const ranked = [...this.changes].toSorted(([a], [b]) => (sizes.get(b) ?? 0) - (sizes.get(a) ?? 0));
    const shown = new Map(ranked.slice(0, MOST_HOSTS));
    const others: ByState = new Map();
    for (const [, states] of ranked.slice(MOST_HOSTS))
      for (const [state, changes] of states) for (const [moment, by] of changes) add(others, state, moment, by);
    return others.size === 0 ? shown : shown.set('other hosts', others);
  }

  /** The first moment that is not before `time`. */
  private momentAfter(time: number): number {
    return Math.max(0, Math.ceil((time - this.start()) / this.every));
  }

  private change(host: string, state: string, moment: number, by: number): void {
    if (!Number.isFinite(moment)) return;
    const states: ByState = this.changes.get(host) ?? new Map();
    this.changes.set(host, states);
    add(states, state, moment, by);
  }
}

/** Of each state: by moment, how many more there are than at the one before. */
type ByState = Map<string, Map<number, number>>;

function add(states: ByState, state: string, moment: number, by: number): void {
  const changes = states.get(state) ?? new Map<number, number>();
  states.set(state, changes);
  changes.set(moment, (changes.get(moment) ?? 0) + by);
}
