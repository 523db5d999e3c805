import { expect, test } from 'vitest';
import { pcap } from '../packets.js';
import { structural } from './damage.js';
import { peersTable } from './table.js';
import type { Outcome } from './tools.js';

const fine: Outcome = { crashed: false, hung: false, noticed: false, seconds: 0.1, peak: 10 };

test('the table counts what each tool did with each kind of file, and what only the others noticed', () => {
  const table = peersTable(
    ['random', 'structural', 'structural'],
    [
      { name: 'ours', outcomes: [fine, { ...fine, noticed: true }, fine] },
      {
        name: 'theirs',
        outcomes: [
          { ...fine, crashed: true },
          { ...fine, noticed: true, peak: 70 },
          { ...fine, noticed: true, hung: true, seconds: 20 },
        ],
      },
    ],
  );
  expect(table.split('\n').slice(2)).toEqual(['| ours | 0 | 0 | 0 | 1 |  | 100 | 10 |', '| theirs | 1 | 0 | 1 | 2 | 1 | 6733 | 70 |']);
});

test('a file is damaged in sixteen ways, no two of them alike', () => {
  const file = pcap(Array.from({ length: 20 }, (_, time) => ({ time, bytes: Buffer.alloc(60, time) })));
  expect(new Set([file, ...structural(file)].map((bytes) => bytes.toString('hex'))).size).toBe(17);
});
