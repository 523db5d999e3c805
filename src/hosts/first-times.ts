import { LAST_STREAM, SLACK } from './first.js';

/** As First, of times alone: in nearly every flow there is one for each host. */
export class FirstTimes {
  /** The number of a flow and a time in turn. */
  private pairs: number[] = NONE;
  /** Beyond this number none is among the first any more. */
  private last = LAST_STREAM;

  constructor(private readonly most: number) {}

  add(stream: number, time: number): void {
    if (stream > this.last) return;
    if (this.pairs.length === 0)
      this.pairs = [stream, time]; // most have few, and need no room for more
    else this.pairs.push(stream, time);
    if (this.pairs.length > this.most * SLACK * 2) this.tidy();
  }

  /** How many lie between two moments. */
  between(from: number, to: number): number {
    this.tidy();
    let count = 0;
    for (let i = 1; i < this.pairs.length; i += 2) if ((this.pairs[i] as number) >= from && (this.pairs[i] as number) <= to) count++;
    return count;
  }

  merge({ pairs }: FirstTimes): void {
    for (let i = 0; i < pairs.length; i += 2) this.add(pairs[i] as number, pairs[i + 1] as number);
  }

  /** Leaves no more than the first. */
  private tidy(): void {
    const { pairs, most } = this;
    if (pairs.length <= most * 2) return;
    const order = Array.from({ length: pairs.length / 2 }, (_, i) => i * 2).sort((a, b) => (pairs[a] as number) - (pairs[b] as number));
    this.last = pairs[order[most - 1] as number] as number;
    this.pairs = order.slice(0, most).flatMap((at) => [pairs[at] as number, pairs[at + 1] as number]);
  }
}

const NONE: number[] = [];
