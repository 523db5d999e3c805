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
export const MOST_MOMENTS = 100_000;

/** Counts sockets at regular moments from what enters and leaves a state between two of them. */
export class Population {
  /** Of each host and state: by moment, how many more there are than at the one before. */
  private readonly changes = new Map<string, Map<string, Map<number, number>>>();

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
    const now = new Map([...this.changes.keys()].map((host) => [host, new Map<string, number>()]));
    for (let moment = 0; moment <= moments; moment++) {
      for (const [host, states] of this.changes) {
        const counts = now.get(host) ?? new Map<string, number>();
        for (const [state, changes] of states) counts.set(state, (counts.get(state) ?? 0) + (changes.get(moment) ?? 0));
        yield { seconds: (moment * this.every) / 1e9, host, counts: Object.fromEntries([...counts].filter(([, count]) => count > 0)) };
      }
    }
  }

  /** The first moment that is not before `time`. */
  private momentAfter(time: number): number {
    return Math.max(0, Math.ceil((time - this.start()) / this.every));
  }

  private change(host: string, state: string, moment: number, by: number): void {
    if (!Number.isFinite(moment)) return;
    const states = this.changes.get(host) ?? new Map<string, Map<number, number>>();
    this.changes.set(host, states);
    const changes = states.get(state) ?? new Map<number, number>();
    states.set(state, changes);
    changes.set(moment, (changes.get(moment) ?? 0) + by);
  }
}
