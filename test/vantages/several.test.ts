import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { analyzeSeveral } from '../../src/analyze-several.js';
import { Capture } from '../../src/capture/capture.js';
import type { PathReport, Report } from '../../src/report.js';
import { recordings, truthOf } from '../recordings.js';
import { inMemory, type PcapRecord, pcapWith, recordsOf } from './captured.js';

function fileOf(recording: string, file: string): Buffer {
  const found = recordings().find(({ name }) => name === recording);
  return readFileSync(join(found?.folder ?? '', file));
}

function compared(files: Readonly<Record<string, Buffer>>): Promise<Report> {
  return analyzeSeveral(Object.entries(files).map(([name, bytes]) => new Capture([inMemory(name, bytes)])));
}

function recordingCompared(recording: string, files: readonly string[] = ['client.pcap', 'server.pcap']): Promise<Report> {
  return compared(Object.fromEntries(files.map((file) => [file, fileOf(recording, file)])));
}

/** The same packets, as a clock stamps them that is `offset` seconds ahead and gains `drift`. */
function clocked(file: Buffer, offset: number, drift = 0): Buffer {
  const records = recordsOf(file);
  const start = records[0]?.time ?? 0;
  return pcapWith(
    file,
    records.map((record) => ({ ...record, time: record.time + offset + (record.time - start) * drift })),
  );
}

function lostIn({ events }: PathReport): string[] {
  return events.flatMap(({ kind, direction, from, to, segment }) => (kind === 'lost' ? [`${direction} ${from?.frame} ${to?.frame} ${segment}`] : []));
}

function pathOf({ paths = [] }: Report): PathReport {
  expect(paths).toHaveLength(1);
  return paths[0] as PathReport;
}

describe('two captures of the same connection', () => {
  const LOSSY = 'transfer/two-percent-lost';
  let report: Report;
  beforeAll(async () => {
    report = await recordingCompared(LOSSY);
  });

  test('say how many segments vanished, and in which direction', () => {
    const { sentences, ways } = pathOf(report);
    expect(sentences[0]).toBe('11 of 430 segments vanished between client and server on the way to the server, 7 of 288 segments the other way.');
    expect(ways.map(({ sent, arrived, lost }) => sent - arrived - lost)).toEqual([0, 0]);
  });

  test('are in either order the same two captures', async () => {
    const swapped = pathOf(await recordingCompared(LOSSY, ['server.pcap', 'client.pcap']));
    expect(swapped.from.capture).toBe('client.pcap');
    expect(lostIn(swapped)).toEqual(lostIn(pathOf(report)));
  });

  test('are one conversation, and a finding of both is said once, from the capture that proves it best', () => {
    expect(report.capture.conversations).toBe(1);
    const loss = report.findings.filter(({ pattern }) => pattern === 'loss-repaired');
    expect(loss.map(({ captures }) => captures)).toEqual([['server.pcap', 'client.pcap']]);
    expect(loss[0]?.suspects[0]).toMatchObject({ cause: 'sack-fast-recovery-loss', certainty: 'certain' });
  });

  test('are compared whatever their clocks show: hours apart, one drifting', async () => {
    const expected = lostIn(pathOf(report));
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: -6 * 3600, max: 6 * 3600, noNaN: true }),
        fc.double({ min: -200e-6, max: 200e-6, noNaN: true }),
        async (offset, drift) => {
          const path = pathOf(
            await compared({ 'client.pcap': fileOf(LOSSY, 'client.pcap'), 'server.pcap': clocked(fileOf(LOSSY, 'server.pcap'), offset, drift) }),
          );
          expect(lostIn(path)).toEqual(expected);
          expect(Math.abs(path.clock.offset - offset)).toBeLessThan(1e-3);
        },
      ),
      { numRuns: 12 },
    );
  }, 120_000);

  test('show drift when they are long enough for it', async () => {
    const long = 'closing/fin-wait1-stalls-for-six-minutes';
    const path = pathOf(
      await compared({ 'client.pcap': fileOf(long, 'client.pcap'), 'server.pcap': clocked(fileOf(long, 'server.pcap'), -90, 120e-6) }),
    );
    expect(path.clock.drift).toBeGreaterThan(115);
    expect(path.clock.drift).toBeLessThan(125);
    expect(path.clock.offset).toBeCloseTo(-90, 2);
  });

  test('that have nothing in common are explained each by itself, and say so', async () => {
    const report = await compared({ 'a.pcap': fileOf(LOSSY, 'client.pcap'), 'b.pcap': fileOf('closing/client-closes-first', 'server.pcap') });
    expect(report.paths).toEqual([]);
    expect(report.capture.caveats[0]?.id).toBe('captures-unrelated');
    expect(report.capture.conversations).toBe(2);
  });

  test('have distinct names even when their files have not', async () => {
    const [client, server] = [fileOf(LOSSY, 'client.pcap'), fileOf(LOSSY, 'server.pcap')];
    const { from, to } = pathOf(await analyzeSeveral([client, server].map((bytes) => new Capture([inMemory('trace.pcap', bytes)]))));
    expect([from.capture, to.capture]).toEqual(['trace.pcap', 'trace.pcap (2)']);
  });
});

describe('what one capture cannot know', () => {
  test('a segment that arrived damaged was not lost: the suspect is weakened, and the reason given', async () => {
    const { findings } = await recordingCompared('path/segment-corrupted');
    const suspect = findings.find(({ pattern }) => pattern === 'loss-repaired')?.suspects.find(({ cause }) => cause === 'sack-fast-recovery-loss');
    expect(suspect).toMatchObject({ certainty: 'possible' });
    expect(suspect?.against).toContain("the server's capture shows that it arrived");
  });

  test('a window scale that was taken out on the way is named, with what it was', async () => {
    const path = pathOf(await recordingCompared('path/window-scale-stripped-by-middlebox'));
    expect(path.rewritten).toMatchObject([{ what: 'window scale', direction: 'to client', before: '10', after: 'none', count: 1 }]);
  });

  test('marks of congestion were set on the way', async () => {
    const path = pathOf(await recordingCompared('path/congestion-marked-with-ecn'));
    expect(path.rewritten).toMatchObject([{ what: 'ECN', direction: 'to server', before: 'capable', after: 'congestion experienced' }]);
  });

  test('a wrong checksum was right when it left', async () => {
    const path = pathOf(await recordingCompared('path/segment-corrupted'));
    expect(path.rewritten).toMatchObject([{ what: 'checksum', before: 'right', after: 'wrong', count: 1 }]);
  });

  test('resets that nobody sent are the way’s', async () => {
    const path = pathOf(await recordingCompared('transfer/invalid-segments-challenged'));
    expect(path.ways.map(({ injected }) => injected)).toEqual([8, 0]);
    expect(path.sentences.join(' ')).toContain('Made on the way, not by the sender, between client and server: 8 on the way to the server.');
  });

  test('silence is the path’s when what was sent meanwhile vanished, and the host’s when the question had reached it', async () => {
    const lost = pathOf(await recordingCompared('transfer/given-up-after-retries2'));
    expect(lost.silences[0]).toMatchObject({ of: 'client', whose: 'path' });
    const slow = pathOf(await recordingCompared('transfer/slow-answers-of-the-application'));
    expect(slow.silences.map(({ whose }) => whose)).not.toContain('path');
    const paused = pathOf(await recordingCompared('transfer/zero-window-because-reader-pauses'));
    expect(paused.ways.map((way) => way.lost)).toEqual([0, 0]);
  });
});

describe('a capture that misses something', () => {
  const whole = 'transfer/limited-by-fixed-receive-buffer';
  const only = (file: Buffer, keeps: (record: PcapRecord, i: number, count: number) => boolean): Buffer => {
    const records = recordsOf(file);
    return pcapWith(
      file,
      records.filter((record, i) => keeps(record, i, records.length)),
    );
  };
  const hasPayload = ({ bytes }: PcapRecord): boolean => bytes.readUInt16BE(16) > 20 + ((bytes[46] ?? 0) >> 4) * 4;

  test('is not taken for loss, nor for something made on the way: what was acknowledged did pass', async () => {
    const [client, server] = [fileOf(whole, 'client.pcap'), fileOf(whole, 'server.pcap')];
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 3, max: 40 }), fc.boolean(), async (every, isServer) => {
        const partly = (file: Buffer): Buffer => only(file, (record, i) => i < 8 || i % every !== 0 || !hasPayload(record));
        const path = pathOf(await compared({ 'client.pcap': isServer ? client : partly(client), 'server.pcap': isServer ? partly(server) : server }));
        expect(path.ways.map(({ lost, injected, duplicated }) => lost + injected + duplicated)).toEqual([0, 0]);
        const missing = recordsOf(isServer ? server : client).length - recordsOf(partly(isServer ? server : client)).length;
        expect(path.ways.reduce((sum, { uncaptured }) => sum + uncaptured, 0)).toBe(missing);
      }),
      { numRuns: 15 },
    );
  });

  test('began later or ended earlier: of what it cannot have seen nothing is said', async () => {
    const [client, server] = [fileOf(whole, 'client.pcap'), fileOf(whole, 'server.pcap')];
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: 0, max: 0.4, noNaN: true }),
        fc.double({ min: 0.6, max: 1, noNaN: true }),
        fc.boolean(),
        async (from, to, isServer) => {
          const cut = (file: Buffer): Buffer => only(file, (_, i, count) => i >= from * count && i < to * count);
          const path = pathOf(await compared({ 'client.pcap': isServer ? client : cut(client), 'server.pcap': isServer ? cut(server) : server }));
          expect(path.ways.map(({ lost, injected, duplicated }) => lost + injected + duplicated)).toEqual([0, 0]);
        },
      ),
      { numRuns: 25 },
    );
  });

  test('at the same place: no conversation tells where it is, and all of them lie the same way', async () => {
    const file = fileOf('closing/reset-because-too-many-orphans', 'client.pcap');
    const path = pathOf(await compared({ 'a.pcap': file, 'b.pcap': only(file, (_, i) => i % 9 !== 8) }));
    expect([path.from.capture, path.to.capture]).toEqual(['a.pcap', 'b.pcap']);
    expect(path.ways.map(({ delay }) => delay?.longest)).toEqual([0, 0]);
    expect(path.ways.map(({ injected }) => injected)).toEqual([0, 0]);
  });

  test('shows one direction only: the other one is not lost', async () => {
    const path = pathOf(await recordingCompared('capture/one-direction-only'));
    expect(path.ways.map(({ lost, injected }) => lost + injected)).toEqual([0, 0]);
  });
});

describe('something on the way that rewrites', () => {
  const each = (file: Buffer, change: (bytes: Buffer) => void): Buffer =>
    pcapWith(
      file,
      recordsOf(file).map((record) => {
        const bytes = Buffer.from(record.bytes);
        change(bytes);
        return { ...record, bytes };
      }),
    );

  /** Adds to the sequence numbers of the client and to what acknowledges them, as some firewalls do. */
  function shift(bytes: Buffer, by: number): void {
    const isFromClient = bytes.readUInt16BE(36) === 5000;
    const at = isFromClient ? 38 : 42;
    if (isFromClient || (bytes[47] ?? 0) & 0x10) bytes.writeUInt32BE((bytes.readUInt32BE(at) + by) >>> 0, at);
  }

  /** Puts NOPs in the place of the timestamps. */
  function withoutTimestamps(bytes: Buffer): void {
    const end = 34 + ((bytes[46] ?? 0) >> 4) * 4;
    for (let at = 54; at < end && bytes[at] !== 0; ) {
      const length = bytes[at] === 1 ? 1 : (bytes[at + 1] ?? 1);
      if (bytes[at] === 8) bytes.fill(1, at, at + 10);
      at += length;
    }
  }

  test.each([
    ['with timestamps', true],
    ['without', false],
  ])('sequence numbers that a firewall shifts, %s: the segments are found again, and the shift is named', async (_, withTimestamps) => {
    const name = 'transfer/two-percent-lost';
    const path = pathOf(
      await compared({
        'client.pcap': each(fileOf(name, 'client.pcap'), (bytes) => withTimestamps || withoutTimestamps(bytes)),
        'server.pcap': each(fileOf(name, 'server.pcap'), (bytes) => {
          shift(bytes, 0x70000000);
          if (!withTimestamps) withoutTimestamps(bytes);
        }),
      }),
    );
    expect(path.ways.map(({ lost }) => lost)).toEqual([11, 7]);
    expect(path.rewritten.find(({ what }) => what === 'sequence numbers')).toMatchObject({
      direction: 'to server',
      after: `+${0x70000000}`,
      count: 419,
    });
  });

  test('an MSS that is clamped, and SACK that is taken out', async () => {
    const file = fileOf('closing/client-closes-first', 'server.pcap');
    const clamped = each(file, (bytes) => {
      if (((bytes[47] ?? 0) & 0x12) !== 2) return;
      bytes.writeUInt16BE(1360, 56); // the MSS comes first on Linux,
      bytes.fill(1, 58, 60); // then SACK permitted
    });
    const path = pathOf(await compared({ 'client.pcap': fileOf('closing/client-closes-first', 'client.pcap'), 'server.pcap': clamped }));
    expect(path.rewritten.map(({ what, before, after }) => `${what} ${before} ${after}`)).toEqual(
      expect.arrayContaining(['MSS 1460 1360', 'SACK permitted yes no']),
    );
  });
});

describe('behind NAT', () => {
  const files = ['client-a.pcap', 'client-b.pcap', 'server.pcap'];
  const translated = recordings().filter(
    (recording) => recording.captures.includes('client-a.pcap') && (truthOf(recording) as { nat?: boolean }).nat,
  );

  test.each(translated.map(({ name }) => [name]))(
    'three captures of %s: every conversation of a client is found again at the server',
    async (name) => {
      const { paths = [], capture } = await recordingCompared(name, files);
      const single = await recordingCompared(name, ['server.pcap']);
      for (const path of paths) {
        expect(path.to.capture).toBe('server.pcap');
        expect(path.ways.map(({ lost, injected }) => [lost, injected])).toEqual([
          [0, 0],
          [0, 0],
        ]);
      }
      expect(paths.map(({ from }) => from.capture)).toEqual(['client-a.pcap', 'client-b.pcap'].slice(0, paths.length));
      expect(capture.conversations).toBe(single.capture.conversations);
    },
  );

  test('the address that the server sees is named', async () => {
    const { paths = [] } = await recordingCompared('handshake/nat-without-tw-recycle', files);
    expect(paths.map(({ rewritten }) => rewritten.map(({ what, before, after, count }) => `${what} ${before} ${after} ${count}`))).toEqual([
      ['client address 192.168.10.21 203.0.113.1 3'],
      ['client address 192.168.10.34 203.0.113.1 5'],
    ]);
  });

  test('two clients that share an address and a port in turn are kept apart', async () => {
    const name = 'handshake/syn-challenged-because-time-wait-has-newer-timestamp';
    const { paths = [], capture } = await recordingCompared(name, ['client.pcap', 'client2.pcap', 'server.pcap']);
    expect(capture.conversations).toBe(2);
    expect(
      paths.map(({ from, to, conversations, ways }) => [from.capture, to.capture, conversations, ways.map((way) => way.lost + way.injected)]),
    ).toEqual([
      ['client.pcap', 'server.pcap', 1, [0, 0]],
      ['client2.pcap', 'server.pcap', 1, [0, 0]],
    ]);
  });
});

describe('three points on one path', () => {
  /** A router a millisecond before the server, or behind the client: it sees what passes there. */
  function passing(file: Buffer, isFromClient: (record: PcapRecord) => boolean, towardsClient: number): Buffer {
    const records = recordsOf(file).map((record) => ({ ...record, time: record.time + (isFromClient(record) ? -towardsClient : towardsClient) }));
    return pcapWith(
      file,
      records.toSorted((a, b) => a.time - b.time),
    );
  }

  test('what was lost is said of the stretch on which it was lost, not of the whole way as well', async () => {
    const [client, server] = [fileOf('transfer/two-percent-lost', 'client.pcap'), fileOf('transfer/two-percent-lost', 'server.pcap')];
    const isFromClient = ({ bytes }: PcapRecord): boolean => bytes.readUInt16BE(36) === 5000; // its destination port
    const router = clocked(passing(server, isFromClient, 0.001), 300);
    const report = await compared({ 'server.pcap': server, 'client.pcap': client, 'router.pcap': router });
    const stretches = (report.paths ?? []).map(({ from, to, ways, clock }) => [
      from.capture,
      to.capture,
      ways.map(({ lost }) => lost),
      Math.round(clock.offset),
    ]);
    expect(stretches.toSorted()).toEqual(
      [
        ['client.pcap', 'router.pcap', [11, 7], 300],
        ['router.pcap', 'server.pcap', [0, 0], -300],
      ].toSorted(),
    );
    expect(report.capture.conversations).toBe(1);
  });
});
