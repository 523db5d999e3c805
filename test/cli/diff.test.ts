import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Changes } from '../../src/changes.js';
import { type Ran, ROOT, runIn } from './run.js';

const LOST = join('transfer', 'two-percent-lost', 'client.pcap');
const SLOW = join('transfer', 'limited-by-slow-reader', 'client.pcap');
const diff = (...args: string[]): Promise<Ran> => runIn(join(ROOT, 'captures'), ['diff', ...args]);

async function comparison(...args: string[]): Promise<Changes> {
  return JSON.parse((await diff('-F', 'json', ...args)).out) as Changes;
}

describe('diff', () => {
  test('of a capture with itself finds nothing', async () => {
    const { gained, lost, changed, outcomes, states, before, after } = await comparison(LOST, LOST);
    expect([gained, lost, changed, outcomes, states]).toEqual([[], [], [], [], []]);
    expect(before).toEqual(after);
    expect((await diff(LOST, LOST)).out).toContain('The same findings, outcomes and states.');
  });

  test('tells what was gained and what was lost, and the other way round the other way round', async () => {
    const [there, back] = [await comparison(LOST, SLOW), await comparison(SLOW, LOST)];
    const patterns = (changes: Changes['gained']): string[] => changes.map(({ pattern }) => pattern);
    expect(patterns(there.lost)).toEqual(['loss-repaired']);
    expect(patterns(there.gained)).toContain('window-limited');
    expect(patterns(back.gained)).toEqual(patterns(there.lost));
    expect(patterns(back.lost).toSorted()).toEqual(patterns(there.gained).toSorted());
  });

  test('compares round trips, what was resent, and states', async () => {
    const { before, after } = await comparison(LOST, SLOW);
    expect([before.roundTrip, after.roundTrip]).toEqual([expect.closeTo(0.02, 2), expect.closeTo(0.01, 2)]);
    expect(before.resent).toBeGreaterThan(after.resent);
    const refused = await comparison(join('handshake', 'refused-because-port-is-closed', 'client.pcap'), LOST);
    expect(refused.states).toContainEqual({ what: 'client SYN_SENT → ESTABLISHED', before: 0, after: 1 });
    expect(refused.outcomes.length).toBeGreaterThan(0);
  });

  test('exits with 1 at something gained, when asked to', async () => {
    expect((await diff(LOST, SLOW)).code).toBe(0);
    expect((await diff(LOST, SLOW, '--fail-on', 'gained')).code).toBe(1);
    expect((await diff(LOST, LOST, '--fail-on', 'gained')).code).toBe(0);
  });

  test('keeps to plain characters and a width', async () => {
    const { out } = await diff(LOST, SLOW, '--ascii', '--width', '72');
    expect(out).toMatch(/^[\x20-\x7e\n]*$/);
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(72);
  });
});
