import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CaptureError } from '../../src/capture/error.js';
import { expire } from '../../src/flow/state/expiry.js';
import { follow } from '../../src/follow.js';
import type { Vantage } from '../../src/hosts/vantage.js';
import { recogniseAll } from '../../src/patterns/index.js';
import { signsOf } from '../../src/patterns/signs.js';
import { Story } from '../../src/patterns/story.js';
import { MIXES } from '../bench/traffic.js';
import { writeCapture } from '../bench/write.js';
import { captureOf } from '../bytes.js';
import { CAPTURES, recordings } from '../recordings.js';

const EVERYWHERE: readonly Vantage[] = ['client', 'server', 'middle', 'unknown'];
const ALL_SIGNS = -1;
const CORPUS = join(CAPTURES, '..', '..', 'shared', 'corpus');

/** Patterns that are found in a flow when every one is asked, and not when only those are whose signs are there; and flows without any. */
async function missedIn(file: Buffer): Promise<{ missed: string[]; flows: number; healthy: number }> {
  const missed: string[] = [];
  let [flows, healthy] = [0, 0];
  await follow(captureOf(file), {
    over(flow, now) {
      expire(flow, now);
      const signs = signsOf(flow);
      flows++;
      if (signs === 0) healthy++;
      for (const vantage of EVERYWHERE) {
        const idsOf = (asked: number): string[] =>
          recogniseAll(new Story(flow, vantage, Number.MAX_SAFE_INTEGER, asked)).map(({ pattern, part }) => `${pattern.id} ${part.role}`);
        const found = idsOf(signs);
        missed.push(...idsOf(ALL_SIGNS).filter((id) => !found.includes(id)));
      }
    },
  });
  return { missed: [...new Set(missed)], flows, healthy };
}

describe('a pattern whose signs are missing would not have been found either', () => {
  for (const { name, folder, captures } of recordings()) {
    test(`in ${name}`, async () => {
      for (const file of captures) expect((await missedIn(readFileSync(join(folder, file)))).missed).toEqual([]);
    });
  }

  for (const mix of MIXES) {
    test(`in generated traffic: ${mix.about}`, async () => {
      const folder = mkdtempSync(join(tmpdir(), 'tcpexplain-signs-'));
      const path = join(folder, 'generated.pcap');
      writeCapture(path, mix, 20_000);
      const { missed } = await missedIn(readFileSync(path));
      rmSync(folder, { recursive: true });
      expect(missed).toEqual([]);
    });
  }

  test.skipIf(!existsSync(CORPUS))('in captures of other people', async () => {
    for (const file of readdirSync(CORPUS)) {
      if (!/\.p?cap(ng)?$/.test(file)) continue;
      const { missed } = await missedIn(readFileSync(join(CORPUS, file))).catch((error) => {
        if (error instanceof CaptureError) return { missed: [] };
        throw error;
      });
      expect(missed.map((id) => `${file}: ${id}`)).toEqual([]);
    }
  });
});

test('a healthy conversation has no sign at all', async () => {
  const { missed, flows, healthy } = await missedIn(readFileSync(join(CAPTURES, 'closing', 'time-waits-pile-up', 'client.pcap')));
  expect({ missed, flows, healthy }).toEqual({ missed: [], flows, healthy: flows });
});
