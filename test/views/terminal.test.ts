import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { terminal } from '../../src/views/terminal.js';
import type { ViewOptions } from '../../src/views/view.js';
import { reportOf, SHOWN } from './reports.js';

const GOLDEN = join(fileURLToPath(import.meta.url), '..', 'golden');
const PLAIN: ViewOptions = { width: 80, color: false, ascii: false, top: 5, verbose: false };
/** Commands, filters and names of files stay whole, to be copied. */
const COPIED = /^ *(confirm)? +\$ |^ {2}filter: |^captures\/|tcpexplain explain|^ {2}(client|server) {2}/;

async function linesOf(recording: string, options: Partial<ViewOptions>): Promise<string[]> {
  return [...terminal(await reportOf(recording), { ...PLAIN, ...options })];
}

/** Without the sequences that set colours. */
function uncoloured(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
  return line.replace(/\u001b\[\d+m/g, '');
}

describe('the report as a person sees it', () => {
  test.each([
    [60, 'closing/fin-wait1-stalls-behind-zero-window/client.pcap', 'zero-window'],
    [80, 'closing/fin-wait1-stalls-behind-zero-window/client.pcap', 'zero-window'],
    [200, 'closing/fin-wait1-stalls-behind-zero-window/client.pcap', 'zero-window'],
    [60, 'transfer/two-percent-lost/client.pcap', 'losses'],
    [80, 'transfer/two-percent-lost/client.pcap', 'losses'],
    [200, 'transfer/two-percent-lost/client.pcap', 'losses'],
  ])('at %i columns: %s', async (width, recording, name) => {
    const lines = await linesOf(recording, { width });
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(join(GOLDEN, `${name}-${width}.txt`));
  });
});

describe.each(SHOWN)('%s', (recording) => {
  test.each([60, 80, 100, 200])('nothing but what is to be copied is wider than %i columns', async (width) => {
    const lines = await linesOf(recording, { width });
    expect(lines.filter((line) => line.length > width && !COPIED.test(line))).toEqual([]);
  });

  test('colours change nothing but colours', async () => {
    const coloured = await linesOf(recording, { color: true });
    expect(coloured.map(uncoloured)).toEqual(await linesOf(recording, {}));
    expect(coloured.join('')).toContain('\u001b[1m');
  });

  test('in ASCII it says the same in as many lines', async () => {
    const ascii = await linesOf(recording, { ascii: true });
    expect(ascii.join('\n')).toMatch(/^[\x20-\x7e\n]+$/);
    expect(ascii.length).toBe((await linesOf(recording, {})).length);
  });

  test('what a segment was is never cut off', async () => {
    const report = await reportOf(recording);
    const lines = [...terminal(report, { ...PLAIN, width: 60 })];
    const rungs = lines.filter((line) => /─▶|◀─/.test(line) && !line.includes('client ─▶'));
    expect(rungs.length).toBeGreaterThan(0);
    expect(rungs.filter((line) => line.includes('[') && !line.endsWith(']'))).toEqual([]);
  });
});
