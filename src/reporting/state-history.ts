import type { Flow } from '../flow/flow.js';
import { CLOSED, STATE_NAMES, type State, UNKNOWN } from '../flow/state.js';
import type { StateCounts } from '../graphs.js';

/** So many times are looked at. */
const STEPS = 240;
const FIRST_CAPACITY = 1024;
/** About 50 MB; the transitions of half a million conversations. */
const MOST = 1 << 22;

/** The changes of state of all flows, also of those that are forgotten because they have nothing to tell. */
export class StateHistory {
  private times = new Float64Array(FIRST_CAPACITY);
  /** From, to, and whether it was at the client: four bits, four bits, one. */
  private changes = new Uint16Array(FIRST_CAPACITY);
  private size = 0;
  /** Changes that there was no room for. */
  private missed = 0;

  learn(flow: Flow): void {
    for (const { side, at, from, to } of flow.timeline.transitions) {
      if (this.size === MOST) this.missed++;
      else this.add(at, from | (to << 4) | (side === flow.client.side ? 1 << 8 : 0));
    }
  }

  /** Takes over the changes of other flows. */
  merge(other: StateHistory): void {
    for (const [i, time] of other.known.entries()) {
      if (this.size === MOST) this.missed++;
      else this.add(time, other.changes[i] as number);
    }
    this.missed += other.missed;
  }

  /** How many ends were in which state. `start`, `end`: nanoseconds of the first and the last frame. */
  counts(start: number, end: number): StateCounts {
    const span = Math.max(end - start, 1);
    const sides = { client: new Map<State, number[]>(), server: new Map<State, number[]>() };
    for (const [i, time] of this.known.entries()) {
      const change = this.changes[i] as number;
      const side = sides[change >>> 8 ? 'client' : 'server'];
      const step = Math.min(STEPS, Math.max(0, Math.ceil(((time - start) / span) * STEPS)));
      move(side, (change & 15) as State, step, -1);
      move(side, ((change >>> 4) & 15) as State, step, 1);
    }
    const at = Array.from({ length: STEPS + 1 }, (_, i) => (span * i) / STEPS / 1e9);
    return { at, client: summed(sides.client), server: summed(sides.server), missed: this.missed };
  }

  /** The times of the changes; never more than there are, whatever another process says of the size. */
  private get known(): Float64Array {
    return this.times.subarray(0, this.size);
  }

  private add(time: number, change: number): void {
    if (this.size === this.times.length) this.grow();
    this.times[this.size] = time;
    this.changes[this.size++] = change;
  }

  private grow(): void {
    const [times, changes] = [new Float64Array(this.size * 2), new Uint16Array(this.size * 2)];
    times.set(this.times);
    changes.set(this.changes);
    this.times = times;
    this.changes = changes;
  }
}

/** An end that is closed, or about which nothing is known yet, counts nowhere. */
function move(side: Map<State, number[]>, state: State, step: number, by: number): void {
  if (state === UNKNOWN || state === CLOSED) return;
  const steps = side.get(state) ?? new Array<number>(STEPS + 1).fill(0);
  steps[step] = (steps[step] ?? 0) + by;
  side.set(state, steps);
}

/** From changes to counts. */
function summed(side: ReadonlyMap<State, readonly number[]>): Record<string, number[]> {
  const inOrder = [...side].sort(([a], [b]) => a - b);
  return Object.fromEntries(
    inOrder.map(([state, steps]) => {
      let count = 0;
      const counts = steps.map((change) => {
        count += change;
        return Math.max(0, count);
      });
      return [STATE_NAMES[state] ?? '', counts];
    }),
  );
}
