import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Capture } from '../../src/capture/capture.js';
import { CaptureError } from '../../src/capture/error.js';
import { fileSource } from '../../src/capture/source.js';
import { socketText } from '../../src/hosts/address.js';
import { askEach, askTshark, canAsk, differences, lastFrameOfTshark, NO_SEGMENT } from './tshark.js';
import { askTogether, canBeJoined } from './tshark-together.js';
import { wiresharkRows } from './wireshark-rows.js';

const CORPUS = join(import.meta.dirname, '..', '..', '..', 'shared', 'corpus');

/** Nanoseconds are exact for 104 days around the first frame; captures whose clock jumped farther keep microseconds. */
const FAR_FROM_THE_FIRST = 2.6e-7;

interface Read {
  readonly path: string;
  readonly rows: readonly string[];
  readonly connections: ReadonlySet<string>;
}

/** Undefined for another format than pcap and pcapng. */
async function read(path: string): Promise<Read | undefined> {
  const capture = new Capture([() => fileSource(path)]);
  const connections = new Set<string>();
  try {
    const rows = await wiresharkRows(capture, ({ client, server }) => connections.add([socketText(client), socketText(server)].sort().join()));
    return { path, rows, connections };
  } catch (error) {
    if (error instanceof CaptureError) return undefined;
    throw error;
  }
}

/** Few groups, in each of which no two captures have a connection in common. */
function strangers(captures: readonly Read[]): Read[][] {
  const groups: { members: Read[]; taken: Set<string> }[] = [];
  for (const capture of captures) {
    const own = [...capture.connections];
    const group = groups.find(({ taken }) => !own.some((connection) => taken.has(connection))) ?? { members: [], taken: new Set() };
    if (group.members.push(capture) === 1) groups.push(group);
    for (const connection of own) group.taken.add(connection);
  }
  return groups.map(({ members }) => members);
}

/** What tshark says of each, asked together as far as that is possible. */
async function ask(captures: readonly Read[]): Promise<Map<Read, string[]>> {
  const [joinable, alone]: [Read[], Read[]] = [[], []];
  for (const capture of captures) ((await canBeJoined(capture.path)) ? joinable : alone).push(capture);
  const answers = new Map<Read, string[]>();
  const note = (asked: readonly Read[], told: readonly string[][]): void => {
    for (const [i, capture] of asked.entries()) answers.set(capture, told[i] as string[]);
  };
  for (const group of strangers(joinable)) note(group, await askTogether(group.map(({ path }) => path)));
  note(alone, await askEach(alone.map(({ path }) => path)));
  return answers;
}

/** By what the answers differ that tshark gives to the capture alone, without frames that come after the place where it gives up. */
async function countDifferences({ path, rows }: Read, together: readonly string[]): Promise<number> {
  if (differences(together, rows, FAR_FROM_THE_FIRST).length === 0) return 0;
  const differing = differences(await askTshark(path), rows, FAR_FROM_THE_FIRST);
  const last = await lastFrameOfTshark(path);
  return differing.filter(([, own]) => Number(own.split('\t')[0]) <= last || own === NO_SEGMENT).length;
}

describe('in captures of other people', () => {
  const files = existsSync(CORPUS) ? readdirSync(CORPUS).map((file) => join(CORPUS, file)) : [];
  const table = readFileSync(join(import.meta.dirname, 'wireshark-differences.md'), 'utf8').matchAll(/^\| `([^`]+)` \| (\d+) \|/gm);
  const known = Object.fromEntries([...table].map(([, file, count]) => [file, Number(count)]));

  test.runIf(canAsk && files.length > 0)('every difference from Wireshark 4.0 is one that is listed', { timeout: 900_000 }, async () => {
    const captures: Read[] = [];
    for (const path of files) {
      const capture = await read(path);
      if (capture !== undefined) captures.push(capture);
    }
    const found: Record<string, number> = {};
    let segments = 0;
    for (const [capture, together] of await ask(captures)) {
      segments += together.length;
      const count = await countDifferences(capture, together);
      if (count > 0) found[basename(capture.path)] = count;
    }
    const all = Object.values(found).reduce((a, b) => a + b, 0);
    console.log(`wireshark: ${segments} segments of ${captures.length} captures of other people, ${all} differ`);
    expect(found).toEqual(known);
  });

  test.skipIf(canAsk && files.length > 0)('not compared: they or tshark are not here', () => {});
});
