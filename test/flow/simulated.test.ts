import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verdictName } from '../../src/flow/verdict.js';
import { follow } from '../../src/follow.js';
import { captureOf } from '../bytes.js';
import { Score, table } from './kernel/score.js';
import { type Place, type Setup, transfer } from './simulation/connection.js';
import type { Weather } from './simulation/path.js';

const FAIR: Weather = { delay: 0.01, loss: 0, ackLoss: 0, reorder: 0, duplicate: 0 };
const WEATHERS: Readonly<Record<string, Partial<Weather>>> = {
  losing: { loss: 0.03 },
  'losing both ways': { loss: 0.03, ackLoss: 0.05 },
  'losing much': { loss: 0.12, ackLoss: 0.1 },
  overtaking: { reorder: 0.03 },
  'overtaking and losing': { reorder: 0.03, loss: 0.02 },
  doubling: { duplicate: 0.03, loss: 0.01 },
  'far away': { delay: 0.08, loss: 0.03, reorder: 0.02 },
  near: { delay: 0.0004, loss: 0.02, reorder: 0.02, duplicate: 0.01 },
};
const PLACES: readonly Place[] = ['sender', 'middle', 'receiver'];
const RUNS = 2;

async function verdictsOn(file: Buffer): Promise<string[]> {
  const said: string[] = [];
  await follow(captureOf(file), {
    noted: (segment, _flow, _seen, verdict) => {
      said[segment.frame - 1] = verdictName(verdict);
    },
    corrected: (frame, verdict) => {
      said[frame - 1] = verdictName(verdict);
    },
    over: () => {},
  });
  return said;
}

type Options = Pick<Setup, 'family' | 'hasTimestamps' | 'hasSack'>;

/** What one transfer was, at each place. */
type Transfer = ReturnType<typeof transfer>;

const transfersOf = (options: Options): Transfer[] =>
  Object.values(WEATHERS).flatMap((weather) =>
    Array.from({ length: RUNS }, (_, run) => transfer({ ...options, seed: run + 1, segments: 300, weather: { ...FAIR, ...weather } })),
  );

async function judge(options: Options, captured: readonly Transfer[Place][]): Promise<Score> {
  const score = new Score();
  for (const { file, truth } of captured) {
    const said = await verdictsOn(file);
    // Without SACK equal acknowledgments are meant, and without IP ID nothing else tells them apart.
    truth.forEach((known, i) => {
      if (options.hasSack || options.family === 4 || known.hasData) score.add(known, said[i] ?? '-');
    });
  }
  return score;
}

const nameOf = ({ family, hasTimestamps, hasSack }: Options): string =>
  `IPv${family}, ${hasTimestamps ? 'timestamps' : 'no timestamps'}, ${hasSack ? 'SACK' : 'no SACK'}`;
const SETUPS = ([4, 6] as const).flatMap((family) =>
  [true, false].flatMap((hasTimestamps) => [true, false].map((hasSack): Options => ({ family, hasTimestamps, hasSack }))),
);

describe('verdicts on transfers whose truth is known because they are simulated', () => {
  const rows: [string, Score][] = [];
  afterAll(() => console.log(table(rows)));

  describe.each(SETUPS.map((options) => [nameOf(options), options] as const))('%s', (name, options) => {
    let transfers: Transfer[] = [];
    beforeAll(() => {
      transfers = transfersOf(options);
    });

    test.each(PLACES)('captured at the %s', async (place) => {
      const score = await judge(
        options,
        transfers.map((one) => one[place]),
      );
      rows.push([`${name}, ${place}`, score]);
      // Without IP ID what the network doubles can look like what is repaired, and without SACK the more so.
      const [f1, kind, apart, doubled] =
        options.family === 4 ? [0.99, 0.95, 0.99, 0.99] : options.hasSack ? [0.99, 0.95, 0.99, 0.9] : [0.97, 0.9, 0.9, 0.75];
      expect(score.found.truly).toBeGreaterThan(100);
      expect(score.found.f1).toBeGreaterThanOrEqual(f1);
      expect(score.kind.value).toBeGreaterThanOrEqual(kind);
      expect(score.reordered.value).toBeGreaterThanOrEqual(apart);
      expect(score.duplicates.value).toBeGreaterThanOrEqual(doubled);
      if (options.hasSack) expect(score.spurious.value).toBeGreaterThanOrEqual(0.8);
    });
  });
});
