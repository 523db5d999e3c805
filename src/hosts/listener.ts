import type { Attempt, Connecting } from './attempt.js';

/** One address and port that clients connect to: what its flows say together. */
export class Listener {
  private told: readonly Connecting[] | undefined = undefined;

  constructor(
    /** As text. */
    readonly socket: string,
    readonly counts: Readonly<Record<Attempt, number>>,
    private readonly read: () => readonly Connecting[],
  ) {}

  /** The first of them. */
  get attempts(): readonly Connecting[] {
    this.told ??= this.read();
    return this.told;
  }

  /** Attempts of a kind that were going on at some time between `from` and `to`. */
  during(from: number, to: number, kind: Attempt): Connecting[] {
    return this.those(kind, (one) => one.from <= to && one.to >= from);
  }

  /** Attempts of a kind that began less than a span before or after a moment. */
  around(time: number, span: number, kind: Attempt): Connecting[] {
    return this.those(kind, ({ from }) => Math.abs(from - time) < span);
  }

  private those(kind: Attempt, isMeant: (one: Connecting) => boolean): Connecting[] {
    return this.counts[kind] === 0 ? [] : this.attempts.filter((one) => one.attempt === kind && isMeant(one));
  }
}

/** What is known of an address and port, whether somebody has asked for it or not. */
export type Heard = Pick<Listener, 'counts' | 'attempts' | 'during' | 'around'>;

const NO_ATTEMPTS: Readonly<Record<Attempt, number>> = { accepted: 0, 'half-open': 0, 'not accepted': 0, unanswered: 0, refused: 0 };
export const NOTHING_HEARD: Heard = { counts: NO_ATTEMPTS, attempts: [], during: () => [], around: () => [] };
