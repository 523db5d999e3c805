import { describe, expect, test } from 'vitest';
import type { Report } from '../../src/report.js';
import { recorded } from './recorded.js';
import { reportOf, told } from './told.js';
import { type Transformation, transformations } from './transformations.js';
import { withUnrelated } from './unrelated.js';

const ALL = recorded();

/** Both reports of each capture, as recorded and transformed. */
async function both(change: Transformation): Promise<{ name: string; before: Report; after: Report }[]> {
  const pairs: { name: string; before: Report; after: Report }[] = [];
  for (const { name, frames, report } of ALL) {
    const files = change(frames);
    if (files !== undefined) pairs.push({ name, before: await report(), after: await reportOf(...files) });
  }
  expect(pairs.length).toBeGreaterThan(350);
  return pairs;
}

/** Everything but when it was, in which files, and behind which link header: what a snaplen leaves of a packet counts that header in. */
function essence({ capture: { start, linkTypes, ...capture }, input, findings, ...report }: Report): unknown {
  return { ...report, capture, findings: findings.filter(({ pattern }) => pattern !== 'cut-short') };
}

describe('how a conversation was recorded changes nothing in its report', () => {
  const { later, pcapng, rotated, vlan, anyDevice, vxlan } = transformations;
  test.each([
    ['three years later', later],
    ['as pcapng', pcapng],
    ['in rotated files', rotated],
    ['in a VLAN', vlan],
    ['on the device any', anyDevice],
    ['in VXLAN', vxlan],
  ])('%s', async (_, change) => {
    for (const { name, before, after } of await both(change)) expect(essence(after), name).toEqual(essence(before));
  });
});

describe('who talks to whom changes no finding', () => {
  const { elsewhere, swapped } = transformations;
  test.each([
    ['other hosts and ports', elsewhere],
    ["each host with the other's address", swapped],
  ])('%s', async (_, change) => {
    for (const { name, before, after } of await both(change)) expect(told(after), name).toEqual(told(before));
  });

  test('other traffic in the same capture', async () => {
    for (const [i, { name, frames, report }] of ALL.entries()) {
      const before = await report();
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
