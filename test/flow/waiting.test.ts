import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AnalyzeOptions, read, reportOn } from '../../src/analyze.js';
import { CaptureError } from '../../src/capture/error.js';
import { endOf, Segment } from '../../src/decode/segment.js';
import { parseFilter } from '../../src/filter/filter.js';
import { Entries } from '../../src/flow/table/entries.js';
import { Entry } from '../../src/flow/table/entry.js';
import { NOBODY } from '../../src/flow/table/entry-row.js';
import { WaitingRoom } from '../../src/flow/table/waiting.js';
import { captureOf } from '../bytes.js';
import { CAPTURES } from '../recordings.js';
import { recordedTogether } from '../shards/capture.js';

const CORPUS = join(CAPTURES, '..', '..', 'shared', 'corpus');
/** Bytes; the larger ones hold more of the same. */
const LARGEST = 100_000;
const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const rare = { mss: -1, windowScale: -1, fastOpen: -1, authentication: 0, sackCount: 0 };

/** All that a decoder can say of a segment between the same two ports; MPTCP concerns other conversations, such segments do not wait. */
const anySegment = fc
  .record({
    frame: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    time: fc.integer({ min: -1e15, max: 1e17 }),
    interfaceId: fc.nat({ max: 0x7fff }),
    direction: fc.constantFrom(0 as const, 1 as const, 2 as const),
    encapsulation: fc.oneof(fc.constant('its VLAN tag' as const), fc.nat({ max: 100_000 })),
    vlan: fc.integer({ min: -1, max: 4095 }),
    ttl: fc.nat({ max: 255 }),
    ipId: fc.integer({ min: -1, max: 65_535 }),
    ecn: fc.nat({ max: 3 }),
    seq: word,
    ack: word,
    flags: fc.nat({ max: 0x1ff }),
    window: fc.nat({ max: 65_535 }),
    checksum: fc.nat({ max: 65_535 }),
    length: fc.integer({ min: -40, max: 2 ** 20 }),
    optionKinds: fc.oneof(fc.constant(0), fc.nat({ max: 2 ** 30 - 1 })),
    sackPermitted: fc.boolean(),
    hasTimestamps: fc.boolean(),
    tsval: word,
    tsecr: word,
    optionsCut: fc.boolean(),
    malformed: fc.boolean(),
    checksumVerdict: fc.constantFrom(-1, 0, 1),
    rare: fc.oneof(
      fc.constant(rare),
      fc.record({
        mss: fc.integer({ min: -1, max: 65_535 }),
        windowScale: fc.integer({ min: -1, max: 14 }),
        fastOpen: fc.integer({ min: -1, max: 16 }),
        authentication: fc.constantFrom(0, 19, 29),
        sackCount: fc.nat({ max: 4 }),
      }),
    ),
    edges: fc.array(word, { minLength: 8, maxLength: 8 }),
    isThere: fc.boolean(),
  })
  .map(({ edges, isThere, rare: options, encapsulation, ...fields }) => {
    const segment = Object.assign(new Segment(), fields, options);
    segment.encapsulation = encapsulation === 'its VLAN tag' ? segment.vlan + 1 : encapsulation;
    segment.end = endOf(segment);
    segment.sackEdges.set(edges.slice(0, options.sackCount * 2));
    return { segment: between(segment, isThere), isThere };
  });

function between(segment: Segment, isThere: boolean): Segment {
  const ends = { family: 6, source0: 1, source1: 2, source2: 3, source3: 4, destination0: 5, destination1: 6, destination2: 7, destination3: 8 };
  const back = { family: 6, source0: 5, source1: 6, source2: 7, source3: 8, destination0: 1, destination1: 2, destination2: 3, destination3: 4 };
  const ports = isThere ? { sourcePort: 40_000, destinationPort: 443 } : { sourcePort: 443, destinationPort: 40_000 };
  return Object.assign(segment, isThere ? ends : back, ports);
}

test('a segment that has waited is the one that was captured', () => {
  fc.assert(
    fc.property(fc.array(anySegment, { minLength: 1, maxLength: 40 }), (captured) => {
      const first = between(new Segment(), true);
      const entries = new Entries(new WaitingRoom(Number.POSITIVE_INFINITY));
      const entry = new Entry(entries, entries.add());
      entry.begin(0, 0, first, NOBODY, NOBODY);
      for (const { segment, isThere } of captured) expect(entry.join(segment, isThere)).toBe(true);
      const [there, back] = [new Segment(), new Segment()];
      entry.address(there, back);
      let row = entry.firstWaiting;
      for (const { segment, isThere } of captured) {
        expect(entry.wentThere(row)).toBe(isThere);
        const cursor = isThere ? there : back;
        row = entry.fill(cursor, row);
        cursor.sackEdges.fill(0, cursor.sackCount * 2); // what lies behind them is of an earlier one
        expect(cursor).toEqual(segment);
      }
      expect(row).toBe(NOBODY);
    }),
  );
});

/** The report, with the segments of each conversation analysed together; and with each analysed when it was captured, because somebody listens. */
async function reports(file: Buffer, wishes: AnalyzeOptions): Promise<[together: string, oneByOne: string]> {
  const together = reportOn(await read(captureOf(file), wishes), wishes);
  const oneByOne = reportOn(await read(captureOf(file), wishes, () => {}), wishes);
  return [JSON.stringify(together), JSON.stringify(oneByOne)];
}

describe('analysing segments together tells what analysing each when it is captured tells', () => {
  test.each(['every conversation', 'a filter'])('of all recordings as if on one wire: %s', async (what) => {
    const filter = what === 'a filter' ? { filter: parseFilter('tcp[tcpflags] & tcp-rst != 0 or port 8080') } : {};
    const [together, oneByOne] = await reports(
      recordedTogether(() => true),
      { all: what === 'every conversation', ...filter },
    );
    expect(together).toBe(oneByOne);
  });

  test.skipIf(!existsSync(CORPUS))('of captures of other people', async () => {
    for (const name of readdirSync(CORPUS).filter((file) => statSync(join(CORPUS, file)).size < LARGEST)) {
      const both = reports(readFileSync(join(CORPUS, name)), { all: true }).catch((error) => {
        if (error instanceof CaptureError) return ['', ''];
        throw error;
      });
      const [together, oneByOne] = await both;
      expect(together, name).toBe(oneByOne);
    }
  });
});
