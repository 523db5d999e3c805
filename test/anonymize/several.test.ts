import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Anonymity, Anonymizer } from '../../src/anonymize/anonymizer.js';
import { FORMATS } from '../../src/cli/formats.js';
import { analyze } from '../../src/index.js';
import type { Report } from '../../src/report.js';
import { recordings } from '../recordings.js';
import { pcapWith, recordsOf } from '../vantages/captured.js';
import { PLAIN } from '../views/view-options.js';
import { originalsOf, shown } from './originals.js';

const KEY = Buffer.from('a key that is for this test only');
const folder = mkdtempSync(join(tmpdir(), 'tcpexplain-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Both captures of recordings with losses, marks, NAT and middleboxes. */
const pairs = recordings()
  .filter(({ name, captures }) => captures.length > 1 && (name.startsWith('path/') || name.startsWith('transfer/two-percent')))
  .map(({ name, folder: home, captures }) => ({ name, files: captures.map((file) => join(home, file)) }));

/** What a comparison says, without a name or an address. */
function told({ findings, paths = [], capture }: Report): unknown {
  return {
    conversations: capture.conversations,
    findings: findings.map(({ pattern, side, streams, frames, captures, suspects }) => [
      pattern,
      side,
      streams,
      frames,
      captures?.length,
      suspects.map(({ cause, certainty }) => [cause, certainty]),
    ]),
    paths: paths.map(({ from, to, clock, ways, events, silences, rewritten }) => [
      [from.place, to.place],
      clock,
      ways,
      events,
      silences,
      rewritten.map(({ what, direction, count, frames }) => [what, direction, count, frames]),
    ]),
  };
}

describe.each<[Anonymity, Buffer | undefined]>([
  ['consistent', undefined],
  ['consistent', KEY],
  ['prefix', KEY],
])('several captures, anonymous: %s, key %s', (anonymity, key) => {
  test('match as they do with their addresses, and say the same of the path', async () => {
    for (const { name, files } of pairs) {
      const disguised = await analyze(files, { anonymizer: new Anonymizer(anonymity, key) });
      expect(told(disguised), name).toEqual(told(await analyze(files)));
    }
    expect(pairs.length).toBeGreaterThan(10);
  }, 120_000);

  test('show in no format an address, a name or a date of either', async () => {
    for (const { name, files } of pairs) {
      const report = await analyze(files, { anonymizer: new Anonymizer(anonymity, key), all: true });
      const originals = [...(await Promise.all(files.map(originalsOf))).flat(), ...files.flatMap((file) => [basename(file), dirname(file)])];
      for (const [format, { view }] of Object.entries(FORMATS)) {
        const text = [...view(report, PLAIN)].join('\n');
        expect(shown(originals, text), `${name} as ${format}`).toEqual([]);
      }
    }
  }, 120_000);
});

describe('clocks that are hours apart', () => {
  beforeAll(() => {
    const { files } = pairs.find(({ name }) => name === 'transfer/two-percent-lost') as (typeof pairs)[number];
    const [client = '', server = ''] = files;
    copyFileSync(client, join(folder, 'client'));
    const file = readFileSync(server);
    writeFileSync(
      join(folder, 'server'),
      pcapWith(
        file,
        recordsOf(file).map((record) => ({ ...record, time: record.time + 7200 })),
      ),
    );
  });

  test('are so in an anonymous report, too, which has no date', async () => {
    const files = ['client', 'server'].map((file) => join(folder, file));
    const { paths, capture } = await analyze(files, { anonymizer: new Anonymizer('consistent') });
    expect(paths?.map(({ clock }) => Math.round(clock.offset))).toEqual([7200]);
    expect(paths?.map(({ from, to }) => [from.capture, to.capture])).toEqual([['capture 1', 'capture 2']]);
    expect(capture.start).toBe('');
  });
});
