import { describe, expect, test } from 'vitest';
import type { Report } from '../../src/report.js';
import { toPcap } from './frames.js';
import { sample } from './sample.js';
import { reportOf, told } from './told.js';
import { type Transformation, transformations } from './transformations.js';
import { withUnrelated } from './unrelated.js';

const STEP = 4;

/** Both reports of each sampled capture, as recorded and transformed. */
async function both(change: Transformation, turn: number): Promise<{ name: string; before: Report; after: Report }[]> {
  const pairs: { name: string; before: Report; after: Report }[] = [];
  for (const { name, frames } of sample(turn, STEP)) {
    const files = change(frames);
    if (files !== undefined) pairs.push({ name, before: await reportOf(toPcap(frames)), after: await reportOf(...files) });
  }
  expect(pairs.length).toBeGreaterThan(20);
  return pairs;
}

/** Everything but when it was, in which files, and behind which link header: what a snaplen leaves of a packet counts that header in. */
function essence({ capture: { start, linkTypes, ...capture }, input, findings, ...report }: Report): unknown {
  return { ...report, capture, findings: findings.filter(({ pattern }) => pattern !== 'cut-short') };
}

describe('how a conversation was recorded changes nothing in its report', () => {
  const { later, pcapng, rotated, vlan, anyDevice, vxlan } = transformations;
  test.each([
    ['three years later', later, 0],
    ['as pcapng', pcapng, 1],
    ['in rotated files', rotated, 2],
    ['in a VLAN', vlan, 3],
    ['on the device any', anyDevice, 4],
    ['in VXLAN', vxlan, 5],
  ])('%s', async (_, change, turn) => {
    for (const { name, before, after } of await both(change, turn)) expect(essence(after), name).toEqual(essence(before));
  });
});

describe('who talks to whom changes no finding', () => {
  const { elsewhere, swapped } = transformations;
  test.each([
    ['other hosts and ports', elsewhere, 1],
    ["each host with the other's address", swapped, 2],
  ])('%s', async (_, change, turn) => {
    for (const { name, before, after } of await both(change, turn)) expect(told(after), name).toEqual(told(before));
  });

  test('other traffic in the same capture', async () => {
    for (const [i, { name, frames }] of sample(3, STEP).entries()) {
      const before = await reportOf(toPcap(frames));
      const { file, unrelated, numberOf } = withUnrelated(frames, i);
      const after = await reportOf(file);
      const renumbered = { ...before, findings: before.findings.map((finding) => ({ ...finding, frames: finding.frames.map(numberOf) })) };
      expect(after.capture.conversations, name).toBe(before.capture.conversations + 1);
      expect(
        told(after, ({ frames: cited }) => !cited.some(unrelated)),
        name,
      ).toEqual(told(renumbered));
    }
  });
});
