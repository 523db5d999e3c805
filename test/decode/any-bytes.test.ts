import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { analyze } from '../../src/analyze.js';
import { captureOf } from '../bytes.js';
import { pcap } from '../packets.js';
import { recordings } from '../recordings.js';
import { decoded } from './decoded.js';

const LINK_TYPES = [0, 1, 6, 7, 9, 50, 51, 101, 104, 105, 107, 108, 113, 127, 129, 178, 228, 229, 239, 253, 276];

test('whatever the bytes of a frame are, each link layer comes to an end without an error', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...LINK_TYPES), fc.uint8Array({ maxLength: 120 }), async (linkType, bytes) => {
      const [found] = await decoded(linkType, { bytes: Buffer.from(bytes) });
      expect(found?.as).toBeTypeOf('string');
    }),
    { numRuns: 2000 },
  );
});

test('a recording with bytes changed anywhere in its packets still gets a report', async () => {
  const [recording] = recordings().filter(({ captures }) => captures.length > 0);
  const file = readFileSync(join(recording?.folder ?? '', recording?.captures[0] ?? ''));
  const change = fc.tuple(fc.nat({ max: file.length - 41 }), fc.nat({ max: 255 }));
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 30 }), async (changes) => {
      const changed = Buffer.from(file);
      for (const [at, value] of changes) changed[24 + 16 + at] = value;
      const report = await analyze(captureOf(changed));
      expect(report.capture.frames).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 300 },
  );
});

test('a frame longer than it was on the wire is read as far as it was captured', async () => {
  const report = await analyze(captureOf(pcap([{ time: 0, bytes: Buffer.alloc(60), original: 10 }])));
  expect(report.capture.frames).toBe(1);
});
