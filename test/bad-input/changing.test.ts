import { appendFileSync, mkdtempSync, rmSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Capture } from '../../src/capture/capture.js';
import { fileSource } from '../../src/capture/source.js';
import { pcap } from '../packets.js';

const folder = mkdtempSync(join(tmpdir(), 'tcpexplain-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** More than is read at once, in records of a thousand bytes. */
const RECORD = 1000;
const FRAMES = 4000;
const FILE = pcap(Array.from({ length: FRAMES }, (_, i) => ({ time: i, bytes: Buffer.alloc(RECORD - 16) })));

/** Reads a file to which something happens once the first of its packets have been read. */
async function readWhile(name: string, happens: (path: string) => void): Promise<{ frames: number; said: string[]; isGrowing: boolean }> {
  const path = join(folder, name);
  writeFileSync(path, FILE);
  const capture = new Capture([() => fileSource(path)]);
  let hasHappened = false;
  for await (const frame of capture) {
    while (frame.next());
    if (hasHappened || frame.number === 0) continue;
    happens(path);
    hasHappened = true;
  }
  const [file] = capture.files;
  const said = capture.damage.map(({ what, offset, unread }) => `${what}, at byte ${offset}, ${unread} unread`);
  return { frames: file?.frames ?? 0, said, isGrowing: file?.isGrowing ?? false };
}

describe('a file to which something happens while it is read', () => {
  test('removed: it is read to its end', async () => {
    expect(await readWhile('removed', unlinkSync)).toEqual({ frames: FRAMES, said: [], isGrowing: false });
  });

  test('cut behind a record: what is missing is said', async () => {
    const at = 24 + 3000 * RECORD;
    const { frames, said } = await readWhile('cut', (path) => truncateSync(path, at));
    expect(frames).toBe(3000);
    expect(said).toEqual([`it became shorter while it was read, at byte ${at}, ${1000 * RECORD} unread`]);
  });

  test('emptied', async () => {
    const { frames, said } = await readWhile('emptied', (path) => truncateSync(path, 0));
    expect(frames).toBeGreaterThan(0);
    expect(said).toEqual([`it became shorter while it was read, at byte ${24 + frames * RECORD}, ${(FRAMES - frames) * RECORD} unread`]);
  });

  test('written to: all of it is read, and the report can say that it was still growing', async () => {
    const grown = await readWhile('grown', (path) => appendFileSync(path, FILE.subarray(24, 24 + 10 * RECORD)));
    expect(grown).toEqual({ frames: FRAMES + 10, said: [], isGrowing: true });
  });

  test('written to, and not yet to the end of a record: that is no damage', async () => {
    const grown = await readWhile('growing', (path) => appendFileSync(path, FILE.subarray(24, 24 + 1.5 * RECORD)));
    expect(grown).toEqual({ frames: FRAMES + 1, said: [], isGrowing: true });
  });
});
