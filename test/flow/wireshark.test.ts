import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Capture } from '../../src/capture/capture.js';
import { fileSource } from '../../src/capture/source.js';
import { ETHERNET, recordedIn, toPcap } from '../metamorphic/frames.js';
import { renamed } from '../metamorphic/headers.js';
import { unlikeAnyOther } from '../metamorphic/renaming.js';
import { recordings } from '../recordings.js';
import { askEach, canAsk, differences, HEAD, RULES, tshark } from './tshark.js';
import { askTogether } from './tshark-together.js';
import { wiresharkRows } from './wireshark-rows.js';

const folder = mkdtempSync(join(tmpdir(), 'wireshark-'));
afterAll(() => rmSync(folder, { recursive: true }));

const recorded = recordings().flatMap(({ name, folder, captures }) =>
  captures.map((file) => ({
    name: `${name}/${file}`,
    path: join(folder, file),
    answers: join(folder, file.replace(/\.pcap$/, '.wireshark.tsv')),
  })),
);

const ours = (path: string): Promise<string[]> => wiresharkRows(new Capture([() => fileSource(path)]));

/** All of them, on Ethernet with addresses of their own: between the same two hosts there would be the same connections. */
function amongStrangers(): string[] {
  const another = unlikeAnyOther();
  return recorded.map(({ path }, i) => {
    const { linkType, frames } = recordedIn(path);
    const names = another();
    const copy = join(folder, `${i}.pcap`);
    const moved = linkType === ETHERNET ? frames.map((frame) => ({ ...frame, bytes: renamed(frame.bytes, names) })) : frames;
    writeFileSync(copy, toPcap(moved, linkType));
    return copy;
  });
}

describe('flags, stream numbers and figures of every segment are those of Wireshark 4.0', () => {
  test.runIf(canAsk && process.env.UPDATE === '1')('its answers are written anew', { timeout: 600_000 }, async () => {
    const now = await askEach(recorded.map(({ path }) => path));
    for (const [i, { answers }] of recorded.entries()) writeFileSync(answers, `${[HEAD, ...(now[i] as string[])].join('\n')}\n`);
  });

  test('in the recordings', async () => {
    for (const { name, path, answers } of recorded) {
      const [head, ...theirs] = readFileSync(answers, 'utf8').trimEnd().split('\n');
      expect(head).toBe(HEAD);
      expect(differences(theirs, await ours(path)), name).toEqual([]);
    }
    expect(recorded.length).toBeGreaterThan(200);
  });

  test.runIf(canAsk)('which it would give again, to other hosts', { timeout: 900_000 }, async () => {
    const now = await askTogether(amongStrangers());
    for (const [i, { name, answers }] of recorded.entries()) {
      expect(differences(readFileSync(answers, 'utf8').trimEnd().split('\n'), [HEAD, ...(now[i] as string[])]), name).toEqual([]);
    }
    expect(now.length).toBe(recorded.length);
  });

  test.skipIf(canAsk)(`not asked again: tshark ${RULES}x is not installed (found ${tshark ?? 'none'})`, () => {});
});
