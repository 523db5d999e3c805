import type { Frame } from './frames.js';

/** Hits of what was there or was said to be. */
class Share {
  hits = 0;
  of = 0;

  add(isHit: boolean): void {
    this.of++;
    if (isHit) this.hits++;
  }

  get value(): number {
    return this.of === 0 ? 1 : this.hits / this.of;
  }

  toString(): string {
    return `${this.hits}/${this.of}`;
  }
}

/** What was called a resend against what is one. */
class Found {
  hits = 0;
  called = 0;
  truly = 0;

  add(isTrue: boolean, isCalled: boolean): void {
    if (isTrue) this.truly++;
    if (isCalled) this.called++;
    if (isTrue && isCalled) this.hits++;
  }

  get precision(): number {
    return this.called === 0 ? 1 : this.hits / this.called;
  }
  get recall(): number {
    return this.truly === 0 ? 1 : this.hits / this.truly;
  }
  get f1(): number {
    return this.called + this.truly === 0 ? 1 : (2 * this.hits) / (this.called + this.truly);
  }
}

/** What is known of a segment that is to be judged. */
export type Known = Pick<Frame, 'what' | 'kinds' | 'spurious' | 'leavesSign' | 'hasData'>;

/** How well verdicts agree with what really happened. */
export class Score {
  readonly found: Found = new Found();
  readonly foundData: Found = new Found();
  /** The rest counts hits of hits, what was missed, and what was wrongly called so. */
  readonly kind: Share = new Share();
  readonly reordered: Share = new Share();
  readonly spurious: Share = new Share();
  readonly windowProbes: Share = new Share();
  readonly keepAlives: Share = new Share();
  readonly duplicates: Share = new Share();

  /** Counts one frame; not those that no kernel sent, nor resent ones of which the capture holds nothing that could tell. */
  add({ what, kinds, spurious, leavesSign, hasData }: Known, said: string): void {
    const isResent = what === 'resent';
    if (what === 'unknown' || (isResent && !leavesSign)) return;
    const isCalled = said.startsWith('resent');
    const isCalledNeedless = isCalled && said.endsWith('-spurious');
    this.found.add(isResent, isCalled);
    if (hasData) this.foundData.add(isResent, isCalled);
    if (isResent && kinds.size > 0) this.kind.add(isCalled && kinds.has(said.split('-')[1] ?? ''));
    if (isResent && spurious !== undefined && (spurious || isCalledNeedless)) this.spurious.add(spurious && isCalledNeedless);
    for (const [share, names] of [
      [this.reordered, ['reordered']],
      [this.windowProbes, ['window-probe']],
      [this.keepAlives, ['keep-alive']],
      [this.duplicates, ['network-duplicate', 'capture-duplicate']],
    ] as const) {
      if (names.some((name) => name === what || name === said)) share.add(what === said);
    }
  }

  get columns(): string[] {
    const { found, foundData } = this;
    const rates = [found.precision, found.recall, found.f1, foundData.f1].map((rate) => rate.toFixed(4));
    return [...rates, this.kind, this.reordered, this.spurious, this.windowProbes, this.keepAlives, this.duplicates].map(String);
  }
}

const HEAD = ['', 'precision', 'recall', 'F1', 'F1 data', 'kind', 'reordered', 'spurious', 'win probes', 'keep-alive', 'duplicates'];

export function table(rows: readonly (readonly [string, Score])[]): string {
  const first = Math.max(...rows.map(([name]) => name.length));
  const line = (cells: readonly string[]): string => cells.map((cell, i) => (i === 0 ? cell.padEnd(first) : cell.padStart(10))).join('  ');
  return [HEAD, ...rows.map(([name, score]) => [name, ...score.columns])].map(line).join('\n');
}
