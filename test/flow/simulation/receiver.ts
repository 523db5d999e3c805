import type { Simulated } from './path.js';

type Block = readonly [number, number];

/** What an acknowledgment says. */
export interface Answer {
  readonly ack: number;
  readonly tsecr: number;
  readonly sack: readonly Block[];
}

/** A receiver that acknowledges every segment at once, by RFC 9293, 2018, 2883 and 7323. */
export class Receiver {
  private next: number;
  private readonly ahead: Block[] = [];
  /** TS.Recent, and the last acknowledgment sent. */
  private recent = 0;
  private lastAck: number;

  constructor(
    first: number,
    private readonly hasSack: boolean,
  ) {
    this.next = this.lastAck = first;
  }

  receive({ seq, length, tsval, needless, why }: Simulated): Answer {
    const end = seq + length;
    if (tsval >= this.recent && seq <= this.lastAck) this.recent = tsval;
    const wasThere = end <= this.next || this.ahead.some(([from, to]) => from <= seq && to >= end);
    if (wasThere && why !== undefined) needless.value = true;
    const twice: Block[] = wasThere && this.hasSack ? [[seq, end]] : [];
    if (!wasThere) this.take(seq, end);
    this.lastAck = this.next;
    const holds = ([from, to]: Block): boolean => from <= seq && seq < to;
    const newest = this.hasSack ? this.ahead.toSorted((a, b) => Number(holds(b)) - Number(holds(a))) : [];
    return { ack: this.next, tsecr: this.recent, sack: [...twice, ...newest].slice(0, 3) };
  }

  private take(seq: number, end: number): void {
    const merged = [...this.ahead, [seq, end] as Block].toSorted(([a], [b]) => a - b);
    this.ahead.length = 0;
    for (const [from, to] of merged) {
      const last = this.ahead.at(-1);
      if (from <= this.next) this.next = Math.max(this.next, to);
      else if (last !== undefined && from <= last[1]) this.ahead[this.ahead.length - 1] = [last[0], Math.max(last[1], to)];
      else this.ahead.push([from, to]);
    }
    while (this.ahead[0] !== undefined && this.ahead[0][0] <= this.next) this.next = Math.max(this.next, (this.ahead.shift() as Block)[1]);
  }
}
