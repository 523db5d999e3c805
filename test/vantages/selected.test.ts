import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AnalyzeOptions, analyze, parseFilter } from '../../src/index.js';
import type { Report } from '../../src/report.js';
import { onlyWorst } from '../../src/selection.js';
import { sarif } from '../../src/views/sarif.js';
import { recordings } from '../recordings.js';
import { PLAIN } from '../views/view-options.js';
import { pcapWith, recordsOf } from './captured.js';

const LOSSY = 'transfer/two-percent-lost';
const CLOSED = 'closing/client-closes-first';
const folder = mkdtempSync(join(tmpdir(), 'tcpexplain-'));
afterAll(() => rmSync(folder, { recursive: true }));

function bytesOf(recording: string, file: string): Buffer {
  return readFileSync(join(recordings().find(({ name }) => name === recording)?.folder ?? '', file));
}

/** One capture of two recordings; either clock stays as it is. */
function mixed(name: string, file: string, [first, second]: readonly [string, string]): string {
  const [one, other] = [bytesOf(first, file), bytesOf(second, file)];
  const path = join(folder, name);
  const shift = (recordsOf(one)[0]?.time ?? 0) - (recordsOf(other)[0]?.time ?? 0) - 10;
  const moved = recordsOf(other).map((record) => ({ ...record, time: record.time + shift }));
  const isFirst = name === 'client.pcap';
  writeFileSync(path, pcapWith(one, isFirst ? [...recordsOf(one), ...moved] : [...moved, ...recordsOf(one)]));
  return path;
}

let files: string[] = [];
/** The lossy conversation is number 0 in the first capture; in the second others come before it. */
const compared = (options: AnalyzeOptions = {}): Promise<Report> => analyze(files, { together: 'vantages', ...options });
beforeAll(() => {
  files = ['client.pcap', 'server.pcap'].map((file) => mixed(file, file, [LOSSY, CLOSED]));
});

const streamsOf = ({ flows }: Report): string[] => flows.map(({ capture, stream }) => `${capture} ${stream}`);

describe('of several captures is chosen', () => {
  test('by the numbers of the first: in the others the same conversation, whatever its number there', async () => {
    const whole = await compared({ all: true });
    const [, lossyAtServer] = whole.flows.filter(({ server }) => server.endsWith('.46.0.2:5000'));
    expect(lossyAtServer?.stream).toBeGreaterThan(0);
    const report = await compared({ all: true, selection: { streams: [[0, 0]] } });
    expect(streamsOf(report)).toEqual(['client.pcap 0', `server.pcap ${lossyAtServer?.stream}`]);
    expect(report.paths?.map(({ conversations, ways }) => [conversations, ...ways.map(({ lost }) => lost)])).toEqual([[1, 11, 7]]);
    expect(report.findings.map(({ pattern }) => pattern)).toEqual(['loss-repaired']);
  });

  test('and of what was left out nothing is said about the path', async () => {
    const report = await compared({ selection: { streams: [[1, 99]] } });
    expect(report.paths?.flatMap(({ ways }) => ways.map(({ lost }) => lost)) ?? []).toEqual([0, 0]);
    expect(report.capture.caveats.map(({ id }) => id)).not.toContain('captures-unrelated');
    expect(report.leftOut).toContainEqual({ by: 'stream', what: 'conversations', count: 1 });
  });

  test('by a filter, and what both captures show counts once', async () => {
    const report = await compared({ filter: parseFilter('host 10.46.0.2') });
    expect(report.capture.conversations).toBe(1);
    expect(report.paths?.map(({ conversations, onlyFrom, onlyTo }) => [conversations, onlyFrom, onlyTo])).toEqual([[1, 0, 0]]);
  });

  test('by the cause that is the most probable once the other capture was heard', async () => {
    const [{ suspects = [] } = {}] = (await compared()).findings.filter(({ pattern }) => pattern === 'loss-repaired');
    const cause = suspects[0]?.cause ?? '';
    const only = await compared({ selection: { only: [cause] } });
    expect(only.findings.map((finding) => finding.suspects[0]?.cause)).toEqual([cause]);
    expect(only.hosts.map(({ address }) => address)).toEqual(['10.46.0.1', '10.46.0.2']);
    const none = await compared({ selection: { ignore: ['loss-repaired'] } });
    expect(none.leftOut).toEqual([{ by: 'ignore', what: 'findings', count: 1 }]);
    expect(streamsOf(none).filter((one) => one === 'client.pcap 0')).toEqual([]);
  });

  test('the worst, but all conversations when they are asked for', async () => {
    const report = await compared({ all: true });
    const worst = onlyWorst({ ...report, findings: [...report.findings, ...report.findings] }, 1, true);
    expect(worst.findings).toEqual(report.findings.slice(0, 1));
    expect(worst.flows).toEqual(report.flows);
  });

  test('the worst, without a conversation of another capture that has the same number', async () => {
    const report = await compared();
    const [loss] = report.findings;
    if (loss === undefined) throw new Error('nothing was found');
    const swapped = { ...loss, captures: ['server.pcap'], streams: [0] };
    const worst = onlyWorst({ ...report, findings: [loss, swapped], flows: report.flows.slice(0, 1) }, 1);
    expect(streamsOf(worst)).toEqual(['client.pcap 0']);
  });
});

test('SARIF points into a file of the capture that the numbers are of', async () => {
  const report = await compared();
  const [loss] = report.findings;
  if (loss === undefined) throw new Error('nothing was found');
  const inFile = (captures: readonly string[]): { uri: string; index: number } => {
    const log = JSON.parse([...sarif({ ...report, findings: [{ ...loss, captures, frames: [3] }] }, PLAIN)].join('\n'));
    return log.runs[0].results[0].locations[0].physicalLocation.artifactLocation;
  };
  expect(inFile(['client.pcap'])).toEqual({ uri: 'client.pcap', index: 0 });
  expect(inFile(['server.pcap'])).toEqual({ uri: 'server.pcap', index: 1 });
});
