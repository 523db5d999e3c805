import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type Outcome, outcomesOf } from '../../src/vantages/differences.js';
import { DUPLICATED, INJECTED, LOST, UNKNOWN } from '../../src/vantages/fates.js';
import { meet } from '../../src/vantages/meeting.js';
import type { Trace } from '../../src/vantages/trace.js';
import { type Recording, recordings, truthOf } from '../recordings.js';
import { recordedFile, recordsOf } from './captured.js';

/** What the recorder says of the wire between the two captures; what a router drops, its kernel says. */
interface WireTruth {
  /** Seconds since 1970: then the recorder takes its network away, and what is still under way gets nowhere. */
  t_end?: number;
  one_way_delay_ms?: number;
  topology?: string;
  wire_log?: { dir: string; seq?: number; len?: number }[];
  drops?: { side: string; proto: string; src: string; seq: number; reason: string }[];
  addresses?: { s: string };
  actions?: { do: string }[];
}

const paired = recordings().filter(({ captures }) => captures.includes('client.pcap') && captures.includes('server.pcap'));

async function between(recording: Recording): Promise<{ toServer: Outcome; toClient: Outcome }[]> {
  const [client, server] = [await recordedFile(join(recording.folder, 'client.pcap')), await recordedFile(join(recording.folder, 'server.pcap'))];
  const meeting = meet(client, server);
  return meeting === undefined ? [] : outcomesOf(meeting).map(([toServer, toClient]) => ({ toServer, toClient }));
}

/** Segments with this fate as "direction seq length". */
function judged(
  crossings: readonly { toServer: Outcome; toClient: Outcome }[],
  where: 'sent' | 'came',
  fate: number,
  isMeant: (trace: Trace, record: number) => boolean = () => true,
): string[] {
  const name = ({ way, fates }: Outcome, direction: string): string[] => {
    const { up, down, ups, downs } = way.passage;
    const [trace, records] = where === 'sent' ? [up, ups] : [down, downs];
    return [...fates[where]].flatMap((each, i) => {
      const record = records[i] as number;
      return each === fate && isMeant(trace, record) ? [`${direction} ${(trace.seq[record] as number) >>> 0} ${trace.length[record]}`] : [];
    });
  };
  return crossings.flatMap(({ toServer, toClient }) => [...name(toServer, 'c2s'), ...name(toClient, 's2c')]);
}

/** How many of the one list are in the other, each counted once. */
function inBoth(one: readonly string[], other: readonly string[]): number {
  const left = [...other];
  return one.filter((each) => {
    const at = left.indexOf(each);
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  }).length;
}

const score = { lost: [0, 0, 0], reordered: [0, 0, 0], duplicated: [0, 0, 0], injected: [0, 0, 0] };

function count(kind: keyof typeof score, found: readonly string[], truth: readonly string[]): void {
  const sums = score[kind] as [number, number, number];
  sums[0] += inBoth(found, truth);
  sums[1] += found.length;
  sums[2] += truth.length;
}

afterAll(() => {
  for (const [kind, [right = 0, found = 0, truth = 0]] of Object.entries(score)) {
    const [precision, recall] = [right / Math.max(found, 1), right / Math.max(truth, 1)];
    console.info(`${kind}: ${found} found of ${truth}, precision ${precision.toFixed(4)}, recall ${recall.toFixed(4)}`);
    expect(precision, `${kind}: precision`).toBeGreaterThanOrEqual(0.99);
    expect(recall, `${kind}: recall`).toBeGreaterThanOrEqual(0.99);
  }
});

describe('what was dropped between two captures is what the matched report says was lost', () => {
  test.each(paired.map((recording) => [recording.name, recording] as const))('%s', async (_, recording) => {
    const truth = truthOf(recording) as WireTruth;
    const crossings = await between(recording);
    const epochs = new Map<Trace, number>();
    for (const file of ['client.pcap', 'server.pcap']) {
      const start = recordsOf(readFileSync(join(recording.folder, file)))[0]?.time ?? 0;
      for (const { toServer, toClient } of crossings)
        epochs.set(file === 'client.pcap' ? toServer.way.passage.up : toClient.way.passage.up, Math.floor(start));
    }
    const arrival = (trace: Trace, record: number): number =>
      (epochs.get(trace) ?? 0) + (trace.time[record] as number) / 1e9 + (truth.one_way_delay_ms ?? 0) / 1e3;
    const lost = judged(crossings, 'sent', LOST, (trace, record) => arrival(trace, record) < (truth.t_end ?? Number.POSITIVE_INFINITY));
    const log = truth.wire_log ?? [];
    if (isAnonymous(log)) {
      expect(lost.map((each) => each.slice(0, 3)).toSorted()).toEqual(log.map(({ dir }) => dir).toSorted());
      return;
    }
    const onWire = log.map(({ dir, seq, len }) => `${dir} ${seq} ${len}`);
    if (truth.topology === 'wire' || truth.topology === 'direct') {
      count('lost', lost, onWire);
      expect(lost.toSorted()).toEqual(onWire.toSorted());
      return;
    }
    // A router's kernel names no length; what the capture filter left out is not in the captures.
    const known = new Set(crossings.flatMap(({ toServer, toClient }) => [...seqs(toServer, 'c2s'), ...seqs(toClient, 's2c')]));
    const dropped = (truth.drops ?? [])
      .filter(({ side, proto }) => side === 'r' && proto === 'tcp')
      .map(({ src, seq }) => `${src.startsWith(`${truth.addresses?.s}:`) ? 's2c' : 'c2s'} ${seq}`)
      .filter((each) => known.has(each));
    const found = lost.map((each) => each.split(' ').slice(0, 2).join(' '));
    if (truth.topology === 'wrouter') {
      count('lost', found, dropped);
      expect(found.toSorted()).toEqual(dropped.toSorted());
    } else expect(found.length - inBoth(found, dropped)).toBe(0);
  });
});

/** A full receive ring says only how many it refused. */
function isAnonymous(log: NonNullable<WireTruth['wire_log']>): boolean {
  return log.length > 0 && log.every(({ seq }) => seq === undefined);
}

function seqs({ way }: Outcome, direction: string): string[] {
  const { up, ups } = way.passage;
  return Array.from(ups, (record) => `${direction} ${(up.seq[record] as number) >>> 0}`);
}

/** Data of the client as the recorder's wire counts it: the order in which it left. */
function dataOfClient({ way }: Outcome): number[] {
  const { up, ups } = way.passage;
  return Array.from(ups.keys()).filter((i) => (up.length[ups[i] as number] as number) > 0);
}

function recordingOf(name: string): Recording {
  const found = paired.find((recording) => recording.name === name);
  if (found === undefined) throw new Error(`no recording ${name}`);
  return found;
}

test('every twentieth data segment was held back for 8 ms: those that another one overtook are named, and no other', async () => {
  const [{ toServer } = { toServer: undefined }] = await between(recordingOf('transfer/segments-overtake-one-another'));
  const { up, ups } = (toServer as Outcome).way.passage;
  const data = dataOfClient(toServer as Outcome);
  const time = (i: number): number => up.time[ups[i] as number] as number;
  const late = data.filter((i, k) => (k + 1) % 20 === 0 && i + 1 < ups.length && time(i + 1) - time(i) < 7.5e6);
  const found = (toServer as Outcome).reordered.map(({ position }) => position);
  count('reordered', found.map(String), late.map(String));
  expect(found.toSorted()).toEqual(late.toSorted());
  expect(found.length).toBeGreaterThan(5);
});

test('every tenth data segment was doubled: those are named, and no other', async () => {
  const [{ toServer } = { toServer: undefined }] = await between(recordingOf('path/packets-doubled-by-the-network'));
  const { way, fates } = toServer as Outcome;
  const tenth = dataOfClient(toServer as Outcome).filter((_, k) => (k + 1) % 10 === 0);
  const doubled = Array.from(fates.came.keys()).flatMap((j) => (fates.came[j] === DUPLICATED ? [way.matching.copies[j] as number] : []));
  count('duplicated', doubled.map(String), tenth.map(String));
  expect(doubled.toSorted()).toEqual(tenth.toSorted());
  expect(doubled.length).toBeGreaterThan(5);
});

describe('what was injected on the wire is what the matched report says was made on the way', () => {
  const injecting = paired.filter((recording) => (truthOf(recording) as WireTruth).actions?.some((action) => action.do.startsWith('INJECT')));
  test.each(injecting.map((recording) => [recording.name, recording] as const))('%s', async (_, recording) => {
    const crossings = await between(recording);
    const truth = ((truthOf(recording) as WireTruth).actions ?? []).flatMap((action) => {
      const parts = /INJECT (\S+) seq=(\d+) .* len=(\d+)/.exec(action.do);
      return parts === null ? [] : [`${parts[1]} ${parts[2]} ${parts[3]}`];
    });
    const found = judged(crossings, 'came', INJECTED);
    const unknown = judged(crossings, 'came', UNKNOWN); // after the last frame of the sender's capture
    const sure = truth.filter((each) => found.includes(each) || !unknown.includes(each));
    count('injected', found, sure);
    expect(found.toSorted()).toEqual(sure.toSorted());
    expect(found.length).toBeGreaterThan(0);
  });
  test('there are such recordings', () => expect(injecting.length).toBeGreaterThan(4));
});

describe('what was overtaken is what the IP IDs of both captures say, read without anything of ours', () => {
  test.each(paired.map((recording) => [recording.name, recording] as const))('%s', async (_, recording) => {
    const [client, server] = ['client.pcap', 'server.pcap'].map((file) => identities(readFileSync(join(recording.folder, file))));
    const overtaken = (up: readonly string[], down: readonly string[]): string[] => {
      const place = new Map(up.map((identity, i) => [identity, i]));
      const arrived = [...new Set(down)].flatMap((identity) => place.get(identity) ?? []);
      return arrived.filter((at, k) => arrived.slice(0, k).some((before) => before > at)).map((at) => up[at] as string);
    };
    const expected = [
      ...overtaken(client?.filter((each) => !each.includes(':5000>')) ?? [], server?.filter((each) => !each.includes(':5000>')) ?? []),
      ...overtaken(server?.filter((each) => each.includes(':5000>')) ?? [], client?.filter((each) => each.includes(':5000>')) ?? []),
    ];
    const found = (await between(recording)).flatMap((crossing) =>
      [crossing.toServer, crossing.toClient].flatMap(({ reordered, way: { passage } }) =>
        reordered.map(({ position }) => (passage.up.seq[passage.ups[position] as number] as number) >>> 0),
      ),
    );
    const isWithin = new Set(expected.map((identity) => Number(identity.split(' ')[2])));
    expect(found.filter((seq) => !isWithin.has(seq))).toEqual([]);
    expect(found.length).toBeLessThanOrEqual(expected.length);
  });
});

/** "source:port>destination:port id seq length" of the IPv4 packets over Ethernet whose IP ID is not 0. */
function identities(file: Buffer): string[] {
  return recordsOf(file).flatMap(({ bytes }) => {
    if (bytes.length < 54 || bytes.readUInt16BE(12) !== 0x0800 || bytes[23] !== 6 || bytes.readUInt16BE(18) === 0) return [];
    const tcp = 14 + ((bytes[14] ?? 0) & 15) * 4;
    const ends = `${[...bytes.subarray(26, 30)].join('.')}:${bytes.readUInt16BE(tcp)}>${[...bytes.subarray(30, 34)].join('.')}:${bytes.readUInt16BE(tcp + 2)}`;
    return [`${ends} ${bytes.readUInt16BE(18)} ${bytes.readUInt32BE(tcp + 4)} ${bytes.readUInt16BE(16)}`];
  });
}
