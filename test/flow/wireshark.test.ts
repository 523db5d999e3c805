import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { Capture } from '../../src/capture/capture.js';
import { CaptureError } from '../../src/capture/error.js';
import { fileSource } from '../../src/capture/source.js';
import { recordings } from '../recordings.js';
import { askTshark, differences, HEAD, lastFrameOfTshark, NO_SEGMENT, tsharkVersion } from './tshark.js';
import { wiresharkRows } from './wireshark-rows.js';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const CORPUS = join(HERE, '..', '..', '..', 'shared', 'corpus');
/** The version whose rules we follow; others differ. */
const RULES = '4.0.';
const tshark = tsharkVersion();
const canAsk = tshark?.startsWith(RULES) === true;

const recorded = recordings().flatMap(({ name, folder, captures }) =>
  captures.map((file) => ({
    name: `${name}/${file}`,
    path: join(folder, file),
    answers: join(folder, file.replace(/\.pcap$/, '.wireshark.tsv')),
  })),
);

const ours = (path: string): Promise<string[]> => wiresharkRows(new Capture([() => fileSource(path)]));

/** Nanoseconds are exact for 104 days around the first frame; captures whose clock jumped farther keep microseconds. */
const FAR_FROM_THE_FIRST = 2.6e-7;

/** Runs a job for every item, two at a time. */
async function each<Item>(items: readonly Item[], job: (item: Item) => Promise<void>): Promise<void> {
  const queue = [...items];
  const work = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await job(item);
  };
  await Promise.all([work(), work()]);
}

describe('flags, stream numbers and figures of every segment are those of Wireshark 4.0', () => {
  test.runIf(canAsk && process.env.UPDATE === '1')('its answers are written anew', { timeout: 600_000 }, async () => {
    await each(recorded, async ({ path, answers }) => writeFileSync(answers, `${[HEAD, ...(await askTshark(path))].join('\n')}\n`));
  });

  test('in the recordings', async () => {
    for (const { name, path, answers } of recorded) {
      const [head, ...theirs] = readFileSync(answers, 'utf8').trimEnd().split('\n');
      expect(head).toBe(HEAD);
      expect(differences(theirs, await ours(path)), name).toEqual([]);
    }
    expect(recorded.length).toBeGreaterThan(200);
  });

  test.runIf(canAsk)('which it would give again', { timeout: 900_000 }, async () => {
    await each(recorded, async ({ name, path, answers }) => {
      const now = [HEAD, ...(await askTshark(path))];
      expect(differences(readFileSync(answers, 'utf8').trimEnd().split('\n'), now), name).toEqual([]);
    });
  });

  test.skipIf(canAsk)(`not asked again: tshark ${RULES}x is not installed (found ${tshark ?? 'none'})`, () => {});
});

/** Without frames that come after the place where tshark gives up. */
async function amongReadByBoth(path: string, differing: readonly [string, string][]): Promise<readonly [string, string][]> {
  if (differing.length === 0) return differing;
  const last = await lastFrameOfTshark(path);
  return differing.filter(([, own]) => Number(own.split('\t')[0]) <= last || own === NO_SEGMENT);
}

describe('in captures of other people', () => {
  const files = existsSync(CORPUS) ? readdirSync(CORPUS).map((file) => join(CORPUS, file)) : [];
  const known = new Map(
    [...readFileSync(join(HERE, 'wireshark-differences.md'), 'utf8').matchAll(/^\| `([^`]+)` \| (\d+) \|/gm)].map(([, file = '', count]) => [
      file,
      Number(count),
    ]),
  );

  test.runIf(canAsk && files.length > 0)('every difference is one that is listed', { timeout: 900_000 }, async () => {
    const found = new Map<string, number>();
    let segments = 0;
    await each(files, async (path) => {
      const theirs = await askTshark(path);
      const own = await ours(path).catch((error) => {
        if (error instanceof CaptureError) return undefined; // another format than pcap and pcapng
        throw error;
      });
      if (own === undefined) return;
      segments += theirs.length;
      const differing = (await amongReadByBoth(path, differences(theirs, own, FAR_FROM_THE_FIRST))).length;
      if (differing > 0) found.set(basename(path), differing);
    });
    console.log(
      `wireshark: ${segments} segments of ${files.length} captures of other people, ${[...found.values()].reduce((a, b) => a + b, 0)} differ`,
    );
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(known));
  });

  test.skipIf(canAsk && files.length > 0)('not compared: they or tshark are not here', () => {});
});
