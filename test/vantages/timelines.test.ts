import { appendFileSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { analyzeSeveral } from '../../src/analyze-several.js';
import { Capture } from '../../src/capture/capture.js';
import { type ByteSource, fileSource } from '../../src/capture/source.js';
import { analyze, CaptureError } from '../../src/index.js';
import { type Together, timelinesIn } from '../../src/vantages/timelines.js';
import { recordings } from '../recordings.js';
import { inMemory, pcapWith, recordsOf } from './captured.js';

const root = mkdtempSync(join(tmpdir(), 'tcpexplain-timelines-'));
afterAll(() => rmSync(root, { recursive: true }));
let folders = 0;

function folder(): string {
  const path = join(root, `${folders++}`);
  mkdirSync(path);
  return path;
}

function fileOf(recording: string, file: string): string {
  return join(recordings().find(({ name }) => name === recording)?.folder ?? '', file);
}

/** Cuts a capture into files of these names, as rotation does. */
function rotated(path: string, into: string, names: readonly string[]): string[] {
  const file = readFileSync(path);
  const records = recordsOf(file);
  return names.map((name, i) => {
    const [from, to] = [Math.floor((records.length * i) / names.length), Math.floor((records.length * (i + 1)) / names.length)];
    writeFileSync(join(into, name), pcapWith(file, records.slice(from, to)));
    return join(into, name);
  });
}

async function grouped(paths: readonly string[], together?: Together): Promise<string[][]> {
  return (await timelinesIn(paths, together)).map((files) => files.map((file) => basename(file)));
}

const LOSSY = 'transfer/two-percent-lost';

test('a file that is named twice, by itself, its directory or a link, is read once', async () => {
  const into = folder();
  copyFileSync(fileOf(LOSSY, 'client.pcap'), join(into, 'one.pcap'));
  symlinkSync(join(into, 'one.pcap'), join(root, 'latest.pcap'));
  const names = [join(into, 'one.pcap'), into, join(into, '.', 'one.pcap'), join(root, 'latest.pcap')];
  for (const together of ['auto', 'timeline', 'vantages'] as const) expect(await grouped(names, together)).toEqual([['one.pcap']]);
});

describe('rotated files are one capture', () => {
  test('in the order of their first frame, not of their names', async () => {
    const into = folder();
    const files = rotated(fileOf(LOSSY, 'client.pcap'), into, ['trace.pcap2', 'trace.pcap0', 'trace.pcap1']);
    expect(await grouped(files.toSorted())).toEqual([['trace.pcap2', 'trace.pcap0', 'trace.pcap1']]);
    expect(await grouped([into])).toEqual([['trace.pcap2', 'trace.pcap0', 'trace.pcap1']]);
  });

  test('and say what the whole file says', async () => {
    const whole = await analyze(fileOf(LOSSY, 'client.pcap'));
    const pieces = await analyze(rotated(fileOf(LOSSY, 'client.pcap'), folder(), ['b', 'c', 'a']));
    expect(pieces.findings).toEqual(whole.findings);
    expect(pieces.flows).toEqual(whole.flows);
    expect(pieces.capture).toEqual(whole.capture);
    expect(pieces.paths).toBeUndefined();
  });

  test.each(recordings().flatMap(({ name, captures }) => captures.map((capture) => [`${name}/${capture}`, name, capture] as const)))(
    'a cut through %s makes no second point of view of it',
    async (_, name, capture) => {
      expect(await grouped(rotated(fileOf(name, capture), folder(), ['x0', 'x1']))).toHaveLength(1);
    },
  );

  test('a gap longer than any pause is noted, and so is an overlap', async () => {
    const into = folder();
    const file = readFileSync(fileOf(LOSSY, 'client.pcap'));
    const records = recordsOf(file);
    const later = records.slice(400).map((record) => ({ ...record, time: record.time + 60 }));
    writeFileSync(join(into, 'a'), pcapWith(file, records.slice(0, 400)));
    writeFileSync(join(into, 'b'), pcapWith(file, later));
    const gap = (await analyze(into)).capture.caveats.find(({ id }) => id === 'capture-gap');
    expect(gap?.sentence).toMatch(/^Between a and b nothing was captured for 60\.0 s/);
    const other = folder();
    writeFileSync(
      join(other, 'a'),
      pcapWith(
        file,
        records.filter((_, i) => i % 2 === 0),
      ),
    );
    writeFileSync(
      join(other, 'b'),
      pcapWith(
        file,
        records.filter((_, i) => i % 2 === 1),
      ),
    );
    const overlap = (await analyze(other)).capture.caveats.find(({ id }) => id === 'capture-overlap');
    expect(overlap?.sentence).toMatch(/^b begins .* before a ends/);
  });

  test('a last file that grows while it is read is noted, and its unfinished record is no damage', async () => {
    const bytes = readFileSync(fileOf(LOSSY, 'client.pcap')).subarray(0, 5000);
    const growing = async (): Promise<ByteSource> => ({ ...(await inMemory('now.pcap', bytes)()), isGrowing: async () => true });
    const report = await analyzeSeveral([new Capture([growing])]);
    expect(report.capture.caveats.map(({ id }) => id)).toEqual(expect.arrayContaining(['capture-growing']));
    expect(report.capture.caveats.map(({ id }) => id)).not.toContain('capture-damaged');
    const finished = await analyzeSeveral([new Capture([inMemory('then.pcap', bytes)])]);
    expect(finished.capture.caveats.map(({ id }) => id)).toContain('capture-damaged');
  });

  test('a file knows that more was written to it since it was opened', async () => {
    const path = join(folder(), 'live.pcap');
    writeFileSync(path, 'abc');
    const source = await fileSource(path);
    expect(await source.isGrowing?.()).toBe(false);
    appendFileSync(path, 'def');
    expect(await source.isGrowing?.()).toBe(true);
    await source.close();
  });

  test('a directory without a capture in it is an error with a reason', async () => {
    const into = folder();
    writeFileSync(join(into, 'notes.txt'), 'nothing');
    await expect(analyze(into)).rejects.toThrow(CaptureError);
  });
});

describe('files that hold the same packets are captures of the same from several places', () => {
  test.each(
    recordings()
      .filter(({ captures }) => captures.includes('client.pcap') && captures.includes('server.pcap'))
      .map(({ name }) => [name]),
  )('%s', async (name) => {
    const groups = await grouped([fileOf(name, 'client.pcap'), fileOf(name, 'server.pcap')]);
    const seen = ['client.pcap', 'server.pcap'].map((file) => recordsOf(readFileSync(fileOf(name, file))).length);
    const nothingArrived = seen.includes(0);
    expect(groups).toEqual(nothingArrived ? [['client.pcap', 'server.pcap']] : [['client.pcap'], ['server.pcap']]);
  });

  test('behind NAT too', async () => {
    const paths = ['client-a.pcap', 'client-b.pcap', 'server.pcap'].map((file) => fileOf('handshake/nat-without-tw-recycle', file));
    expect(await grouped(paths)).toEqual([['client-a.pcap'], ['client-b.pcap'], ['server.pcap']]);
  });

  test('when both are rotated, each piece goes to its own', async () => {
    const into = folder();
    rotated(fileOf(LOSSY, 'client.pcap'), into, ['client.pcap0', 'client.pcap1', 'client.pcap2']);
    rotated(fileOf(LOSSY, 'server.pcap'), into, ['server.pcap0', 'server.pcap1']);
    expect(await grouped([into])).toEqual([
      ['client.pcap0', 'client.pcap1', 'client.pcap2'],
      ['server.pcap0', 'server.pcap1'],
    ]);
    const report = await analyze(into);
    expect(report.paths?.[0]?.ways.map(({ lost }) => lost)).toEqual([11, 7]);
  });

  test('hours apart by their clocks', async () => {
    const into = folder();
    const file = readFileSync(fileOf(LOSSY, 'server.pcap'));
    writeFileSync(
      join(into, 'server.pcap'),
      pcapWith(
        file,
        recordsOf(file).map((record) => ({ ...record, time: record.time + 7200 })),
      ),
    );
    copyFileSync(fileOf(LOSSY, 'client.pcap'), join(into, 'client.pcap'));
    expect(await grouped([into])).toHaveLength(2);
  });

  test('unless the reader knows better', async () => {
    const paths = [fileOf(LOSSY, 'client.pcap'), fileOf(LOSSY, 'server.pcap')];
    expect(await grouped(paths, 'timeline')).toHaveLength(1);
    const pieces = rotated(fileOf(LOSSY, 'client.pcap'), folder(), ['x0', 'x1']);
    expect(await grouped(pieces, 'vantages')).toEqual([['x0'], ['x1']]);
  });
});
