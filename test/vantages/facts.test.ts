import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { FactFile } from '../../src/facts/host.js';
import { MARKER } from '../../src/facts/script.js';
import { analyze } from '../../src/index.js';
import type { Finding, Report, ReportedSuspect } from '../../src/report.js';
import { factsOf } from '../facts/of-recording.js';
import { type Recording, recordings } from '../recordings.js';
import { pcapWith, recordsOf } from './captured.js';

const HOUR = 3600;
const folder = mkdtempSync(join(tmpdir(), 'tcpexplain-'));
afterAll(() => rmSync(folder, { recursive: true }));

function recording(name: string): Recording {
  return recordings().find((one) => one.name === name) as Recording;
}

function capturesOf({ folder: of }: Recording): string[] {
  return ['client.pcap', 'server.pcap'].map((file) => join(of, file));
}

function suspectsOf({ findings }: Report): ReportedSuspect[] {
  return findings.flatMap(({ suspects }) => suspects);
}

function confirmedIn(report: Report): string[] {
  return [...new Set(suspectsOf(report).flatMap(({ cause, certainty }) => (certainty === 'confirmed' ? [cause] : [])))].sort();
}

function found({ findings }: Report, pattern: string): Finding {
  return findings.find((one) => one.pattern === pattern) as Finding;
}

const ABORTED = 'handshake/final-ack-reset-because-accept-queue-full';

describe('two captures and what was saved on both hosts', () => {
  test.each([
    ABORTED,
    'closing/last-ack-lost',
    'handshake/final-ack-ignored-because-accept-queue-full',
    'path/syns-dropped-by-rp-filter',
    'transfer/given-up-after-retries2',
    'transfer/zero-window-and-peer-vanishes',
  ])('%s: what either capture lets the facts confirm is confirmed', async (name) => {
    const options = { facts: factsOf(recording(name)) };
    const [client, server] = capturesOf(recording(name)) as [string, string];
    const single = [await analyze(client, options), await analyze(server, options)].flatMap(confirmedIn);
    expect(single.length).toBeGreaterThan(0);
    expect(confirmedIn(await analyze([client, server], options))).toEqual([...new Set(single)].sort());
  });

  test('are told from the capture that leaves no doubt', async () => {
    const facts = factsOf(recording(ABORTED));
    const { captures, suspects } = found(await analyze(capturesOf(recording(ABORTED)), { facts }), 'syn-unanswered');
    expect(captures).toEqual(['server.pcap', 'client.pcap']);
    expect(suspects[0]).toMatchObject({ cause: 'syn-dropped-accept-queue-full', certainty: 'confirmed', against: [] });
  });

  test('leave a doubt about the facts once, in nobody’s name', async () => {
    const broken: FactFile = { side: 'server', kind: 'sysctl', name: 'saved.txt', text: 'Permission denied\n' };
    const { capture } = await analyze(capturesOf(recording(ABORTED)), { facts: [broken] });
    expect(capture.caveats.map(({ sentence }) => sentence)).toEqual(['saved.txt: no setting in it is understood.']);
  });

  test('need not agree about the time: facts are held against the capture made on their host', async () => {
    const [client, server] = capturesOf(recording(ABORTED)) as [string, string];
    const bytes = readFileSync(server);
    const records = recordsOf(bytes);
    const ahead = join(folder, 'ahead.pcap');
    writeFileSync(
      ahead,
      pcapWith(
        bytes,
        records.map((record) => ({ ...record, time: record.time + HOUR })),
      ),
    );
    const begin = Math.floor(records[0]?.time ?? 0) + HOUR;
    const saved = (name: string, time: number, overflows: number): FactFile => {
      const counters = `TcpInSegs ${time}\nTcpExtListenOverflows ${overflows}\nTcpExtEmbryonicRsts ${overflows}\n`;
      const text = `${MARKER}time\n${time} ${time - begin + 1000}\n${MARKER}counters\n${counters}${MARKER}end\n`;
      return { side: 'server', kind: 'facts', name, text };
    };
    const facts = [saved('before', begin - 1, 0), saved('after', begin + 6, 6)];
    const report = await analyze([client, ahead], { facts });
    expect(report.capture.caveats).toEqual([]);
    expect(confirmedIn(report)).toContain('accept-queue-overflow-abort');
    const alone = await analyze(client, { facts });
    expect(alone.capture.caveats.map(({ sentence }) => sentence)).toEqual([
      'The counters of the server were not read during the capture: what they say is of another time.',
    ]);
  });
});

test('what only the other end shows is a cause as well, with the capture that shows it', async () => {
  const report = await analyze(capturesOf(recording('transfer/zero-window-and-peer-vanishes')));
  const { captures, suspects } = found(report, 'zero-window');
  expect(captures).toEqual(['server.pcap', 'client.pcap']);
  expect(suspects.map(({ cause, certainty }) => `${cause} ${certainty}`)).toEqual([
    'receiver-zero-window certain',
    'zero-window-probe-timeout likely',
  ]);
  expect(suspects[1]?.because[0]).toMatch(/^client\.pcap: /);
});
