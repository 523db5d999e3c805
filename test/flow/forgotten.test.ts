import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { analyze } from '../../src/analyze.js';
import { Capture } from '../../src/capture/capture.js';
import { Forgotten } from '../../src/flow/timeline/forgotten.js';
import type { Moment } from '../../src/flow/timeline.js';
import { isResent, NETWORK_DUPLICATE, RESENT_FAST, SPURIOUS, type Verdict } from '../../src/flow/verdict.js';
import { listFlags } from '../../src/listings/flags.js';
import { inMemory } from '../vantages/captured.js';
import { longTransfer } from '../views/long-transfer.js';

describe('of a conversation that is too long to be remembered in full', () => {
  test('every segment that was sent again is counted, as flags lists them', async () => {
    const { file, resent } = longTransfer(2000);
    const capture = (): Capture => new Capture([inMemory('long.pcap', file)]);
    const listed = [...(await listFlags(capture()))].filter(({ verdict }) => verdict === 'resent-fast');
    expect([...new Set(listed.map(({ frame }) => frame))]).toEqual(resent);
    const { capture: summary, findings, flows } = await analyze(capture());
    expect(summary.caveats.map(({ id }) => id)).toContain('capture-folded');
    expect(flows[0]?.moments.filter(({ verdict }) => verdict === 'resent-fast').length).toBeLessThan(resent.length);
    expect(findings.find(({ pattern }) => pattern === 'loss-repaired')?.sentence).toMatch(
      new RegExp(`^${resent.length} lost segments \\(1\\.0 % of 40400 data segments\\) sent again`),
    );
    expect(flows[0]?.sent.client.resent).toBe(resent.length);
  });
});

/** What counts of a moment. */
interface Given {
  side: 0 | 1;
  verdict: Verdict;
  count: number;
  time: number;
  earlier: { frame: number; time: number } | undefined;
}

const verdict = fc.constantFrom(0, RESENT_FAST, RESENT_FAST | SPURIOUS, 6, NETWORK_DUPLICATE);
const given = fc.record<Given>({
  side: fc.constantFrom(0, 1),
  verdict,
  count: fc.integer({ min: 1, max: 3 }),
  time: fc.integer({ min: 1000, max: 2000 }),
  earlier: fc.option(fc.record({ frame: fc.constant(1), time: fc.integer({ min: 0, max: 1000 }) }), { nil: undefined }),
});

test('whatever is forgotten is counted by its verdict, even one that was corrected soon after', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.array(given, { maxLength: 5 }), fc.nat(), fc.boolean())), (batches) => {
      const forgotten = new Forgotten();
      let all: Given[] = [];
      for (const [batch, which, isTakenBack] of batches) {
        forgotten.add(batch as unknown as Moment[]);
        all.push(...batch);
        const corrected = batch[which % Math.max(batch.length, 1)];
        if (corrected !== undefined && isResent(corrected.verdict)) corrected.verdict |= SPURIOUS;
        if (!isTakenBack) continue;
        forgotten.takeBack(NETWORK_DUPLICATE);
        all = all.filter((one) => one.verdict !== NETWORK_DUPLICATE);
      }
      for (const side of [0, 1] as const) {
        for (const isMeant of [isResent, (one: Verdict) => one === RESENT_FAST, (one: Verdict) => one === NETWORK_DUPLICATE]) {
          const meant = all.filter((one) => one.side === side && one.verdict !== 0 && isMeant(one.verdict));
          expect(forgotten.judged(side, isMeant)).toEqual({
            segments: meant.reduce((sum, { count }) => sum + count, 0),
            wait: Math.max(0, ...meant.map(({ time, earlier }) => time - (earlier?.time ?? time))),
          });
        }
      }
    }),
  );
});
