import { listText } from '../../hosts/wording.js';
import type { Sign } from './sign.js';
import type { Host } from './witnesses.js';

/** What the counters of a host say about a sign. */
export class Counters {
  /** Those that prove it, and how often they say that it happened; empty when they do not. */
  readonly proving: readonly string[];
  readonly times: number;

  constructor(
    private readonly sign: Sign,
    private readonly host: Host,
  ) {
    const groups = this.groups(sign.proof).map((names) => names.filter((name) => this.rise(name) > 0));
    const isProven = groups.length > 0 && groups.every((names) => names.length > 0);
    const shown = (sign.shows ?? []).filter((name) => this.rise(name) > 0);
    this.proving = isProven ? [...groups.flat(), ...shown] : shown;
    this.times = isProven ? Math.min(...groups.map((names) => this.sum(names))) : this.sum(shown);
  }

  /** "A rose by 214 and B by 2 in these 30 seconds": what proves it first, then what fits. Undefined when nothing rose. */
  get quote(): string | undefined {
    const { raises, quotes = [] } = this.sign;
    const fitting = [...this.groups(raises).flat(), ...quotes].filter((name) => this.rise(name) > 0);
    const names = [...new Set([...this.proving, ...fitting])];
    const { since, until } = this.host.change ?? {};
    const span = since === undefined || until === undefined ? '' : spanText(Math.round(until - since));
    const rises = names.map((name, i) => `${name}${i === 0 ? ' rose' : ''} by ${this.rise(name)}`);
    return names.length > 0 ? `${listText(rises)}${span}` : undefined;
  }

  /** Counters that it would have raised and that stood still all the time. A counter that this kernel does not have cannot stand still. */
  get missing(): string | undefined {
    const { proof, raises } = this.sign;
    const known = [...this.groups(proof), ...this.groups(raises)].map((names) => names.filter((name) => this.host.change?.rise(name) !== undefined));
    const still = known.filter((names) => names.length > 0 && names.every((name) => this.isStill(name)));
    const clauses = still.map((names) => (names.length > 1 ? `none of ${listText(names)} rose` : `${names[0]} did not rise`));
    return clauses.length > 0 ? listText(clauses) : undefined;
  }

  /** Counters that would have risen if this host had done what seems to be its doing. */
  get untouched(): string | undefined {
    const { still = [] } = this.sign;
    return still.length > 0 && still.every((name) => this.isStill(name)) ? `${listText(still)} did not rise` : undefined;
  }

  private groups(names: Sign['proof'] = []): (readonly string[])[] {
    return names.map((one) => (typeof one === 'string' ? [one] : one));
  }

  private rise(name: string): number {
    return this.host.change?.rise(name) ?? 0;
  }

  private sum(names: readonly string[]): number {
    return names.reduce((total, name) => total + this.rise(name), 0);
  }

  private isStill(name: string): boolean {
    return this.host.enclosesCapture && this.host.change?.rise(name) === 0;
  }
}

function spanText(seconds: number): string {
  return seconds < 2 ? ' within a second' : ` in these ${seconds} seconds`;
}
