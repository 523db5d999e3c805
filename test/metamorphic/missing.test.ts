import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Finding, Report } from '../../src/report.js';
import { type RecordedFrame, toPcap } from './frames.js';
import { type Recorded, recorded } from './recorded.js';
import { certain, reportOf } from './told.js';

const RECORDED = recorded();
const RUNS = Number(process.env.LOSSES ?? 100);

type Loss = (frames: readonly RecordedFrame[]) => RecordedFrame[];

/** What a capturing host that cannot keep up loses: packets here and there, or all for a while. */
const here = fc.tuple(fc.integer({ min: 2, max: 50 }), fc.nat({ max: 49 })).map(
  ([step, from]): Loss =>
    (frames) =>
      frames.filter((_, i) => (i + from) % step !== 0),
);
const awhile = fc.tuple(fc.integer({ min: 5, max: 90 }), fc.integer({ min: 2, max: 50 })).map(
  ([from, percent]): Loss =>
    (frames) =>
      frames.toSpliced(Math.floor((from / 100) * frames.length), Math.ceil((percent / 100) * frames.length)),
);
const cut = fc.integer({ min: 14, max: 120 }).map(
  (length): Loss =>
    (frames) =>
      frames.map((frame) => ({ ...frame, bytes: frame.bytes.subarray(0, length) })),
);

function citedBeyond({ findings, flows, capture }: Report): number[] {
  const cited = [
    ...findings.flatMap(({ frames }) => frames),
    ...flows.flatMap(({ moments, states }) => [...moments, ...states].map(({ frame }) => frame)),
  ];
  return cited.filter((frame) => frame < 0 || frame > capture.frames);
}

/** Of the two reports the second is on less. */
async function both({ name, frames, report }: Recorded, lose: Loss): Promise<{ name: string; before: Report; after: Report }> {
  return { name, before: await report(), after: await reportOf(toPcap(lose(frames))) };
}

test('where packets are cut anywhere, nothing becomes certain that was not', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...RECORDED), cut, async (original, lose) => {
      const { name, before, after } = await both(original, lose);
      expect(certain(before), name).toEqual(expect.arrayContaining(certain(after)));
      expect(citedBeyond(after), name).toEqual([]);
    }),
    { numRuns: RUNS },
  );
});

describe('what a capture lacks is said, and nothing is certain of the conversations that lack it', () => {
  test.each([
    ['packets here and there', here],
    ['all packets for a while', awhile],
  ])('%s, as far as a receiver acknowledges them', async (_, losses) => {
    let known = 0;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...RECORDED), losses, async (original, lose) => {
        const { name, after } = await both(original, lose);
        const missed = new Set(after.findings.filter(({ pattern }) => pattern === 'packets-missed').flatMap(({ streams }) => streams));
        const about = after.findings.filter(({ streams }) => streams.length === 1 && missed.has(streams[0] as number));
        known += missed.size;
        expect(about.flatMap(sureOf), name).toEqual([]);
        expect(citedBeyond(after), name).toEqual([]);
      }),
      { numRuns: RUNS },
    );
    expect(known).toBeGreaterThan(0);
  });

  test('the ends of TCP headers', async () => {
    for (const { name, frames } of RECORDED) {
      const { findings, capture } = await reportOf(toPcap(frames.map((frame) => ({ ...frame, bytes: frame.bytes.subarray(0, 58) }))));
      if (capture.segments === 0) continue;
      expect(
        findings.map(({ pattern }) => pattern),
        name,
      ).toContain('cut-short');
    }
  });
});

/** Causes that are certain, other than what is wrong with the capture. */
function sureOf({ suspects }: Finding): string[] {
  return suspects.filter(({ cause, certainty }) => certainty === 'certain' && !cause.startsWith('capture-')).map(({ cause }) => cause);
}
