import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toPcap, toPcapng } from './frames.js';
import { inVxlan, renamed, withVlan } from './headers.js';
import { type Recorded, recorded } from './recorded.js';
import { elsewhere } from './renaming.js';
import { renumbered } from './sequence.js';
import { reportOf, told } from './told.js';

const RECORDED = recorded();
const RUNS = Number(process.env.DISGUISES ?? 100);

/** Anything that changes nothing, at the same time: when, between whom, with which sequence numbers, behind what, and how it was written. */
const disguise = fc.record({
  later: fc.bigInt({ min: 0n, max: 2_000_000_000n }).map((seconds) => seconds * 1_000_000_000n),
  isElsewhere: fc.boolean(),
  sequence: fc.tuple(fc.nat({ max: 0xffffffff }), fc.nat({ max: 0xffffffff })),
  behind: fc.constantFrom('nothing', 'a VLAN', 'two VLANs', 'VXLAN'),
  written: fc.constantFrom('pcap', 'pcapng', 'rotated'),
  cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 4 }),
});
type Disguise = typeof disguise extends fc.Arbitrary<infer Drawn> ? Drawn : never;

function disguised({ frames }: Recorded, { later, isElsewhere, sequence, behind, written, cuts }: Disguise): Buffer[] {
  const changes: ((bytes: Buffer, original: number) => Buffer)[] = [
    (bytes) => renumbered(bytes, (sender) => sequence[isOdd(sender) ? 1 : 0]),
    (bytes) => (isElsewhere ? renamed(bytes, elsewhere) : bytes),
    (bytes, original) => (behind === 'VXLAN' ? inVxlan(bytes, original) : behind === 'nothing' ? bytes : withVlan(bytes)),
    (bytes) => (behind === 'two VLANs' ? withVlan(bytes) : bytes),
  ];
  const changed = frames.map(({ time, bytes, original }) => {
    const all = changes.reduce((made, change) => change(made, original), bytes);
    return { time: time + later, bytes: all, original: original + all.length - bytes.length };
  });
  if (written === 'pcapng') return [toPcapng(changed)];
  if (written === 'pcap') return [toPcap(changed)];
  const at = [0, ...cuts.map((part) => Math.round(part * frames.length)).toSorted((a, b) => a - b), frames.length];
  return at.slice(1).map((end, i) => toPcap(changed.slice(at[i], end)));
}

/** By its port: some number that stays the same for each end of a conversation. */
function isOdd(sender: string): boolean {
  return Number(sender.slice(sender.lastIndexOf(':') + 1)) % 2 === 1;
}

test('whatever it is disguised as, the same is found, for the same reasons', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...RECORDED), disguise, async (original, as) => {
      expect(told(await reportOf(...disguised(original, as))), original.name).toEqual(told(await original.report()));
    }),
    { numRuns: RUNS },
  );
});
