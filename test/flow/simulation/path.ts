/** A segment as it is simulated; times in seconds, sequence numbers from 0 on. */
export interface Simulated {
  readonly from: 'sender' | 'receiver';
  readonly flags: number;
  readonly seq: number;
  readonly ack: number;
  readonly length: number;
  readonly ipId: number;
  readonly tsval: number;
  readonly tsecr: number;
  readonly sack: readonly (readonly [number, number])[];
  /** When it was sent, and the how-manieth of its end it is. */
  readonly sentAt: number;
  readonly order: number;
  /** Why it was sent again; undefined for what was sent for the first time. */
  readonly why: 'timeout' | 'fast' | 'probe' | undefined;
  readonly needless: { value: boolean };
}

/** A segment as it passes the point of capture. */
export interface Passed {
  readonly t: number;
  readonly segment: Simulated;
  readonly isCopy: boolean;
}

/** What the network does to packets: shares of all, and seconds. */
export interface Weather {
  readonly delay: number;
  readonly loss: number;
  readonly ackLoss: number;
  readonly reorder: number;
  readonly duplicate: number;
}

/** Numbers between 0 and 1, the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Things to do at their time, in the order of time. */
export class Clock {
  now = 0;
  private count = 0;
  private readonly due: { at: number; order: number; run: () => void }[] = [];

  at(time: number, run: () => void): void {
    this.due.push({ at: time, order: this.count++, run });
  }

  /** Runs until nothing is left to do. */
  run(): void {
    while (this.due.length > 0) {
      this.due.sort((a, b) => a.at - b.at || a.order - b.order);
      const next = this.due.shift();
      if (next === undefined) return;
      this.now = next.at;
      next.run();
    }
  }
}

/** The way between two ends, with a tap at each of them and one in the middle, behind what loses, delays and doubles data. */
export class Path {
  readonly taps: Record<'sender' | 'middle' | 'receiver', Passed[]> = { sender: [], middle: [], receiver: [] };

  constructor(
    private readonly clock: Clock,
    private readonly weather: Weather,
    private readonly random: () => number,
  ) {}

  send(segment: Simulated, deliver: (segment: Simulated) => void): void {
    const { clock, weather, random } = this;
    const isData = segment.from === 'sender';
    const [near, far] = isData ? (['sender', 'receiver'] as const) : (['receiver', 'sender'] as const);
    const opens = (segment.flags & 2) !== 0 || segment.order < 2;
    this.tap(near, segment, false);
    if (!opens && random() < (isData ? weather.loss : weather.ackLoss)) return;
    const isLate = isData && !opens && random() < weather.reorder;
    const held = isLate ? weather.delay * (0.05 + 0.5 * random()) : 0;
    const isDoubled = !opens && random() < weather.duplicate;
    for (const isCopy of isDoubled ? [false, true] : [false]) {
      const extra = held + (isCopy ? 20e-6 : 0);
      clock.at(clock.now + weather.delay / 2 + extra, () => this.tap('middle', segment, isCopy));
      clock.at(clock.now + weather.delay + extra, () => {
        this.tap(far, segment, isCopy);
        deliver(segment);
      });
    }
  }

  private tap(place: 'sender' | 'middle' | 'receiver', segment: Simulated, isCopy: boolean): void {
    this.taps[place].push({ t: this.clock.now, segment, isCopy });
  }
}
