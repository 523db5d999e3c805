import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { minimised } from './minimise.js';
import { mutate } from './mutate.js';
import { broken, brokenBeside } from './promises.js';
import { Random } from './random.js';
import { read, seeds } from './seeds.js';

const FIRST = Number(process.env.FUZZ_SEED ?? 1);
const RUNS = Number(process.env.FUZZ_RUNS ?? 1000);
/** One of so many is compared with the capture that it was made of. */
const BESIDE = 4;
const KEPT = join(import.meta.dirname, 'kept');

const given = seeds();

test(`${RUNS} damaged captures from seed ${FIRST} break no promise`, { timeout: 86_400_000 }, async () => {
  for (let seed = FIRST; seed < FIRST + RUNS; seed++) {
    const random = new Random(seed);
    const original = read(random.among(given.seeds));
    const file = mutate(original, random);
    const ask = (damaged: Buffer): Promise<string[]> => (seed % BESIDE === 0 ? brokenBeside(damaged, original) : broken(damaged));
    const found = await ask(file);
    if (found.length > 0) keep(seed, await minimised(file, async (smaller) => (await ask(smaller)).length > 0));
    expect(found, `seed ${seed}`).toEqual([]);
  }
});

test.each(readdirSync(KEPT))('what broke one before: %s', async (name) => {
  const file = readFileSync(join(KEPT, name));
  expect(await broken(file)).toEqual([]);
  expect(await brokenBeside(file, file)).toEqual([]);
});

test.skipIf(!given.hasCorpus)('captures of other people were among them', () => {
  expect(given.seeds.length).toBeGreaterThan(500);
});

function keep(seed: number, file: Buffer): void {
  mkdirSync(KEPT, { recursive: true });
  writeFileSync(join(KEPT, `seed-${seed}.pcap`), file);
}
