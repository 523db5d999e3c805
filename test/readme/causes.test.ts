import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { hostPatterns, patterns } from '../../src/patterns/index.js';
import type { Cause } from '../../src/root-causes/cause.js';
import { causes, topics } from '../../src/root-causes/index.js';
import { causesTable, withCauses } from './causes.js';

const [BEGIN, END] = ['<!-- causes -->', '<!-- /causes -->'];
const README = join(fileURLToPath(import.meta.url), '..', '..', '..', 'README.md');
const hasPlace = existsSync(README) && readFileSync(README, 'utf8').includes(BEGIN);
const symptoms = [...patterns, ...hostPatterns];

const cause: Cause = {
  id: 'odd-cause',
  title: 'Something | odd',
  where: 'the path',
  mechanism: '',
  explains: [{ pattern: 'odd-pattern', weigh: () => undefined }],
  sysctls: ['net.ipv4.tcp_odd'],
  counters: ['TcpExtOdd', 'TcpExtOdder'],
  confirm: [],
  remedy: [],
  sources: [],
  capture: 'path/odd-because',
};

describe('the table of causes', () => {
  test('has a row for each cause: how it shows, and where to look for it', () => {
    expect(causesTable([{ title: 'Odd ones', causes: [cause] }], [{ id: 'odd-pattern', title: 'Odd_segments' }])).toBe(
      [
        '**Odd ones**',
        '',
        '| cause | shows as | sysctls | counters | recording |',
        '|---|---|---|---|---|',
        '| `odd-cause`<br>Something \\| odd | Odd\\_segments | `net.ipv4.tcp_odd` | `TcpExtOdd`<br>`TcpExtOdder` | [path/odd-because](captures/path/odd-because) |',
      ].join('\n'),
    );
  });

  test('replaces what stood between the marks, and nothing else; twice is as once', () => {
    const once = withCauses(`# before\n${BEGIN}\nold\n${END}\nafter\n`, topics, symptoms);
    expect(once.startsWith(`# before\n${BEGIN}\n**`)).toBe(true);
    expect(once.endsWith(`|\n${END}\nafter\n`)).toBe(true);
    expect(once).not.toContain('\nold\n');
    expect(withCauses(once, topics, symptoms)).toBe(once);
    expect(once.split('\n').filter((line) => line.startsWith('| `'))).toHaveLength(causes.length);
  });

  test('needs both marks', () => {
    expect(() => withCauses('nothing', topics, symptoms)).toThrow(BEGIN);
    expect(() => withCauses(`${BEGIN} without an end`, topics, symptoms)).toThrow(END);
  });

  test.skipIf(!hasPlace)('in README.md it is that of the catalogue (UPDATE=1 rewrites it)', () => {
    const text = readFileSync(README, 'utf8');
    const expected = withCauses(text, topics, symptoms);
    if (process.env.UPDATE === '1') writeFileSync(README, expected);
    expect(readFileSync(README, 'utf8')).toBe(expected);
  });
});
