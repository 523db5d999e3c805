import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { type AnalyzeOptions, gathering, read, reportOn } from '../../src/analyze.js';
import { Anonymizer } from '../../src/anonymize/anonymizer.js';
import type { Capture } from '../../src/capture/capture.js';
import { Capture as Reading } from '../../src/capture/capture.js';
import { Conversations } from '../../src/conversations.js';
import { parseFilter } from '../../src/filter/filter.js';
import { boundsOf } from '../../src/flow/bounds.js';
import { Endpoint } from '../../src/flow/endpoint.js';
import { Flow } from '../../src/flow/flow.js';
import { follow } from '../../src/follow.js';
import { classes } from '../../src/shards/classes.js';
import { pack } from '../../src/shards/graph/pack.js';
import { unpack } from '../../src/shards/graph/unpack.js';
import { type Gathered, mergePartials } from '../../src/shards/merge.js';
import { partialLines, readPartial } from '../../src/shards/partial.js';
import { Inbox } from '../../src/threads/inbox.js';
import { Outbox } from '../../src/threads/outbox.js';
import { Page } from '../../src/threads/page.js';
import { together } from '../../src/threads/work.js';
import { MIXES, type Mix } from '../bench/traffic.js';
import { writeCapture } from '../bench/write.js';
import { captureOf, memory } from '../bytes.js';
import { ROOT } from '../cli/run.js';
import { fragmented, recordedTogether, tunnelled } from '../shards/capture.js';

/** A new set of options for each reading: an anonymizer remembers. */
type Wishes = () => AnalyzeOptions;

async function whole(open: () => Capture, wishes: Wishes): Promise<string> {
  const options = wishes();
  return JSON.stringify(reportOn(await read(open(), options), options));
}

/** What each of `count` shards has written. */
async function written(open: () => Capture, wishes: Wishes, count: number, name: Record<string, string> = {}): Promise<string[]> {
  const parts: string[] = [];
  for (let index = 0; index < count; index++) {
    const shard = { index, count };
    const made = await read(open(), { ...wishes(), shard });
    parts.push(`${[...partialLines(made, shard, name)].join('\n')}\n`);
  }
  return parts;
}

async function merged(parts: readonly string[], wishes: Wishes): Promise<string> {
  const { read: all } = mergePartials(await Promise.all(parts.map((part, i) => partOf(part, `part ${i}`))));
  return JSON.stringify(reportOn(all, wishes()));
}

/** The report when others than the reader analyse, each told through pages as another thread is. */
async function toldTo(count: number, open: () => Capture, wishes: Wishes): Promise<string> {
  const options = wishes();
  const gathered: Gathered[] = [];
  const others = Array.from({ length: count }, () => {
    const own = gathering(options);
    gathered.push(own);
    const inbox = new Inbox(new Conversations(own.recorder ?? own.gathered, boundsOf(options).slabBytes));
    const page = new Page();
    page.clear();
    const blank = (): Page => page;
    const send = (): void => {
      inbox.read(page);
      page.clear();
    };
    return new Outbox({ blank, send, caughtUp: () => undefined });
  });
  const made = await read(open(), { ...options, others });
  for (const other of others) other.flush();
  const [first, ...rest] = gathered as [Gathered, ...Gathered[]];
  const packed = rest.map((own) => unpack(pack(own), Number.POSITIVE_INFINITY) as Gathered);
  return JSON.stringify(reportOn(together(made, [first, ...packed]), options));
}

function partOf(text: string, name = 'it'): ReturnType<typeof readPartial> {
  return readPartial(name, text.split('\n'));
}

const COUNTS = [1, 2, 3, 7, 16];
const FEW = [2, 7];
const plainly: Wishes = () => ({});

const recorded = recordedTogether(() => true);
const ofPath = recordedTogether((name) => name.startsWith('path/'), tunnelled);
const inPieces = recordedTogether((name) => name.startsWith('handshake/') || name.startsWith('path/'), fragmented);
const [small, bulk] = MIXES as [Mix, Mix];
const many = madeOf({ ...small, together: 80 }, 6000);
/** Each with more moments than are kept. */
const long = madeOf({ ...bulk, together: 2 }, 60_000);

function madeOf(mix: Mix, packets: number): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'shards-'));
  const path = join(folder, 'made.pcap');
  writeCapture(path, { ...mix, snapLength: 96 }, packets);
  const bytes = readFileSync(path);
  rmSync(folder, { recursive: true });
  return bytes;
}

const CAPTURES: readonly [name: string, bytes: Buffer, wishes: Wishes, counts: readonly number[]][] = [
  ['all recordings at once, with ICMP and ARP', recorded, plainly, COUNTS],
  ['all of their conversations, with graphs', recorded, () => ({ all: true, graphs: true }), FEW],
  ['conversations in a tunnel', ofPath, plainly, COUNTS],
  ['packets in fragments', inPieces, plainly, FEW],
  ['many conversations', many, plainly, COUNTS],
  ['long conversations', long, plainly, FEW],
  ['more conversations than are followed at a time', many, () => ({ maxFlows: 50 }), COUNTS],
  ['some of many', many, () => ({ filter: parseFilter('net 10.0.0.0/10') }), FEW],
  ['other addresses', recorded, () => ({ anonymizer: new Anonymizer('consistent') }), FEW],
];

test('the captures hold what does not name its conversation by itself', async () => {
  const skippedIn = async (bytes: Buffer): Promise<unknown> => JSON.parse(await whole(() => captureOf(bytes), plainly)).capture;
  expect(await skippedIn(recorded)).toMatchObject({ skipped: { 'ICMP errors about TCP': expect.any(Number) } });
  expect(await skippedIn(inPieces)).toMatchObject({ skipped: { 'incomplete IP fragments': expect.any(Number) } });
  expect(await skippedIn(ofPath)).toMatchObject({ segments: expect.any(Number), linkTypes: ['Ethernet'] });
});

describe('the report of all shards, or of all threads, is that of one, to the byte', () => {
  describe.each(CAPTURES)('of %s', (_, bytes, wishes, counts) => {
    const open = (): Capture => captureOf(bytes);
    let expected = '';
    beforeAll(async () => {
      expected = await whole(open, wishes);
    });

    test.each(counts)('cut into %i', async (count) => {
      expect((await merged(await written(open, wishes, count), wishes)) === expected).toBe(true);
    });

    test.each([1, 3])('told to %i other threads', async (count) => {
      expect((await toldTo(count, open, wishes)) === expected).toBe(true);
    });
  });

  test('in any order of the shards, whatever pieces the capture is read in', async () => {
    const expected = await whole(() => captureOf(many), plainly);
    const parts = await written(() => captureOf(many, 4321), plainly, 7);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(parts, { minLength: parts.length }), async (shuffled) => {
        expect((await merged(shuffled, plainly)) === expected).toBe(true);
      }),
      { numRuns: 10 },
    );
  });

  test('of several files, one of which is cut', async () => {
    const open = (): Capture => new Reading([async () => memory(recorded), async () => memory(many.subarray(0, -7))]);
    const expected = await whole(open, plainly);
    expect(JSON.parse(expected).capture.caveats[0]).toMatchObject({ id: 'capture-damaged' });
    expect((await merged(await written(open, plainly, 3), plainly)) === expected).toBe(true);
  });
});

test('every conversation falls to one shard, and keeps its number', async () => {
  const streams: number[] = [];
  const shares: number[] = [];
  for (let index = 0; index < 4; index++) {
    const before = streams.length;
    await follow(captureOf(many), { over: ({ stream }) => streams.push(stream) }, { shard: { index, count: 4 } });
    shares.push(streams.length - before);
  }
  expect(streams.toSorted((a, b) => a - b)).toEqual(streams.map((_, i) => i));
  for (const share of shares) expect(share / streams.length).toBeGreaterThan(0.15);
});

describe('what does not belong together is refused', () => {
  const open = (): Capture => captureOf(many);
  const ofFour = written(open, plainly, 4);

  test.each([
    ['one is missing', [0, 1, 3], 'shard 3 of 4 is missing'],
    ['several are', [2], 'shards 1, 2 and 4 of 4 are missing'],
    ['one is there twice', [0, 1, 2, 1, 3], 'shard 2 of 4 is there twice: part 1 and part 3'],
    ['all are missing', [], 'there is nothing to merge'],
  ])('%s', async (_, which, message) => {
    const parts = await ofFour;
    const chosen = which.map((i) => parts[i] as string);
    await expect(merged(chosen, plainly)).rejects.toThrow(message);
  });

  test('shards of different captures, numbers and options', async () => {
    const [first = ''] = await ofFour;
    const others: [string, string[]][] = [
      ['they are of different captures', await written(() => captureOf(inPieces), plainly, 4)],
      ['one is of 4 shards, the other of 2', await written(open, plainly, 2)],
      ['they were made with different options', await written(open, plainly, 4, { filter: 'port 80' })],
    ];
    for (const [message, [, second = '']] of others) await expect(merged([first, second], plainly)).rejects.toThrow(message);
  });

  test('parts that are cut off, damaged, of another version, or no parts at all', async () => {
    const [part = ''] = await ofFour;
    await expect(partOf(part.slice(0, part.length / 2))).rejects.toThrow('it is cut off');
    await expect(partOf(part.replace(/\n"H4sI.{20}/, '\n"H4sIAAAAAAAAAAAAAAAAAAAA'))).rejects.toThrow('it is damaged');
    await expect(partOf(part.replace(/"tool":"[^"]*"/, '"tool":"0.0.1"'))).rejects.toThrow('was made by tcpexplain 0.0.1');
    for (const text of ['', 'part', '{"part":1,', many.toString('latin1')]) await expect(partOf(text)).rejects.toThrow('it is no part of a report');
  });
});

/** Of the classes of flows and hosts: those that what is over has no part in. */
const STAY = new Set([
  ...[
    'Advertised',
    'AdvertisedSlab',
    'EndpointNumbers',
    'Entries',
    'Entry',
    'EntryList',
    'EntryMap',
    'FlowTable',
    'Mentions',
    'MptcpConnections',
    'PaceNumbers',
    'Shared',
  ],
  ...['Judgement', 'Outline', 'Passing', 'Recent', 'TimelineSlabs', 'Unacked', 'Waiting', 'WaitingRoom', 'WiresharkFigures'],
  ...['AddressClock', 'AttemptRow', 'CloseRow', 'Cursor', 'Host', 'Listener'],
]);

test('every class of flows and hosts travels, or is known to stay', () => {
  const files = ['flow', 'hosts'].flatMap((room) =>
    readdirSync(join(ROOT, 'src', room), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(join(ROOT, 'src', room, file), 'utf8')),
  );
  const named = files.flatMap((text) => [...text.matchAll(/^ *(?:export )?class (\w+)/gm)].map(([, name = '']) => name));
  expect(named.length).toBeGreaterThan(50);
  expect(named.filter((name) => !STAY.has(name) && !classes.some((one) => one.name === name))).toEqual([]);
});

test('of what travels every class is known', async () => {
  const flows: Flow[] = [];
  await follow(captureOf(recorded), {
    over: (flow) => {
      flow.settle();
      flows.push(flow);
    },
  });
  const arrived = unpack(pack(flows), Number.POSITIVE_INFINITY) as Flow[];
  expect(arrived).toHaveLength(flows.length);
  expect(arrived.every((flow) => flow instanceof Flow && flow.client instanceof Endpoint)).toBe(true);
});
