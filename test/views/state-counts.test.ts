import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Capture } from '../../src/capture/capture.js';
import { fileSource } from '../../src/capture/source.js';
import { listNetstat } from '../../src/listings/netstat.js';
import { recordings } from '../recordings.js';
import { pageOf, reportOf } from './reports.js';

const PILE = 'closing/time-waits-pile-up/client.pcap';
const folder = recordings().find(({ name }) => PILE.startsWith(name))?.folder ?? '';

/** The rows of a table of the page, by its title. */
function rowsOf(page: string, title: string): string[][] {
  const table = page.slice(page.indexOf(`<summary>${title}</summary>`)).split('</table>')[0] ?? '';
  return [...table.matchAll(/<tr>(.*?)<\/tr>/g)].map(([, row = '']) => [...row.matchAll(/<t[hd][^>]*>([^<]*)</g)].map(([, cell = '']) => cell));
}

test('the page counts states over time, as a graph and as a table', async () => {
  const page = pageOf(await reportOf(PILE));
  expect(page).toContain('States of the clients over time');
  const [head, ...rows] = rowsOf(page, 'States of the clients as a table');
  expect(head).toEqual(['Seconds', 'SYN_SENT', 'ESTABLISHED', 'FIN_WAIT1', 'TIME_WAIT']);
  expect(rows.length).toBeGreaterThan(40);
  expect(rows.at(-1)).toEqual([expect.stringMatching(/^1\.0/), '0', '0', '0', '40']);
});

test('the counts of the page are those of netstat at the same moments', async () => {
  const { graphs } = await reportOf(PILE);
  const { at = [], client = {} } = graphs?.states ?? {};
  for (const i of [40, 80, 120, 160, 200, 240]) {
    const capture = new Capture([() => fileSource(join(folder, 'client.pcap'))]);
    const { hosts } = await listNetstat(capture, { seconds: at[i] ?? 0, isAbsolute: false });
    const counted = hosts.find(({ host }) => host === '10.184.0.1')?.counts.filter(({ count }) => count > 0);
    const drawn = Object.entries(client).flatMap(([state, counts]) => ((counts[i] ?? 0) > 0 ? [{ state, count: counts[i] }] : []));
    expect(drawn).toEqual(counted?.map(({ state, count }) => ({ state, count })));
  }
});
