import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { recordings } from '../recordings.js';
import { tableOfRecordings } from './table.js';

const README = join(fileURLToPath(import.meta.url), '..', '..', '..', 'captures', 'README.md');
const TABLE = /(?<=<!-- recordings -->\n)[\s\S]*(?=\n<!-- end of recordings -->)/;

describe('captures/README.md', () => {
  test.runIf(process.env.UPDATE === '1')('its table is written anew', () => {
    writeFileSync(
      README,
      readFileSync(README, 'utf8').replace(TABLE, () => tableOfRecordings()),
    );
  });

  test('lists every recording as it is', () => {
    const table = TABLE.exec(readFileSync(README, 'utf8'))?.[0];
    expect(table).toBe(tableOfRecordings());
  });

  test('no recording lacks a story or a kernel', () => {
    const rows = tableOfRecordings().split('\n').slice(2);
    expect(rows).toHaveLength(recordings().length);
    expect(rows.filter((row) => / \| \? \||\| {2}\|$/.test(row))).toEqual([]);
  });
});
