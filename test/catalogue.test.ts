import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { observations } from '../src/observations/index.js';
import { hostPatterns, patterns } from '../src/patterns/index.js';
import type { Cause } from '../src/root-causes/cause.js';
import { measuredCertainty } from '../src/root-causes/certainty.js';
import { causes } from '../src/root-causes/index.js';
import { sysctlNamed, sysctls } from '../src/root-causes/sysctls/index.js';
import { misspelt, strangers, unexplained, unlisted, unpaged, unproven, unrecorded, type Waiting, waitingInVain } from './catalogue/checks.js';
import { certaintyTable, type Told, tell } from './catalogue/reports.js';
import { causesInFiles, type RoomFile, roomFiles } from './catalogue/rooms.js';
import { spelling } from './catalogue/spelling.js';
import { recordings } from './recordings.js';

/** Causes that are written but not weighed yet, and why. */
const WAITING: Readonly<Record<string, Waiting>> = {
  'ipvs-port-reuse-delay': 'for a recording',
};

const CERTAINTY = join(fileURLToPath(import.meta.url), '..', '..', 'src', 'root-causes', 'certainty.ts');

const allRecordings = recordings();
const recorded = new Set(allRecordings.map(({ name }) => name));
const patternIds = [...patterns, ...hostPatterns].map(({ id }) => id);
const causeIds = new Set(causes.map(({ id }) => id));
const listed = new Set([...observations.map(({ id }) => id), ...patternIds, ...causeIds]);
const waiting = new Set(Object.keys(WAITING));
let files: RoomFile[];
let written: Cause[];
const told = new Map<string, Told>();

beforeAll(async () => {
  files = await roomFiles();
  written = await causesInFiles(files);
  const needed = new Set(written.map(({ capture }) => capture));
  for (const recording of allRecordings) if (needed.has(recording.name)) told.set(recording.name, await tell(recording));
}, 300_000);

function planted(change: Partial<Cause>): Cause {
  const [cause] = causes as readonly [Cause, ...Cause[]];
  return { ...cause, ...change };
}

describe('every file is an entry of its list, and called as its entry', () => {
  test('observations, patterns and causes', () => {
    expect(unlisted(files, listed, waiting)).toEqual([]);
  });

  test('an orphan is noticed', () => {
    const orphans: RoomFile[] = [
      { path: 'patterns/closing/forgotten.ts', id: 'forgotten', importedBy: [] },
      { path: 'patterns/closing/renamed.ts', id: 'zero-window', importedBy: ['patterns/index.ts'] },
      { path: 'root-causes/clues/unused.ts', id: undefined, importedBy: [] },
    ];
    expect(unlisted(orphans, listed, waiting)).toEqual([
      'patterns/closing/forgotten.ts is not listed',
      'patterns/closing/renamed.ts calls itself zero-window',
      'root-causes/clues/unused.ts is an entry of no list, and nobody imports it',
    ]);
  });

  test('no two entries of a list have one id', () => {
    for (const ids of [observations.map(({ id }) => id), patternIds, causes.map(({ id }) => id), sysctls.map(({ name }) => name)]) {
      expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
    }
  });
});

describe('every pattern is explained by a cause', () => {
  test('and no cause explains one that does not exist', () => {
    expect(unexplained(patternIds, written)).toEqual([]);
  });

  test('one without a cause is noticed', () => {
    const cause = planted({ id: 'odd', explains: [{ pattern: 'no-such', weigh: () => undefined }] });
    expect(unexplained(['zero-window'], [cause])).toEqual(['no cause explains zero-window', 'odd explains no-such, which is no pattern']);
  });
});

describe('every cause is proven by its recording', () => {
  test('which exists', () => {
    expect(unrecorded(causes, recorded)).toEqual([]);
    expect(unrecorded([planted({ id: 'odd', capture: 'path/never-made' })], recorded)).toEqual(['odd has no recording captures/path/never-made']);
  });

  test('and whose report names it', () => {
    const named = new Map([...told].map(([name, { named: all }]) => [name, all]));
    expect(unproven(causes, named)).toEqual([]);
    const [first] = causes as readonly [Cause];
    expect(unproven([planted({ id: 'odd', capture: first.capture })], named)).toEqual([
      `odd is not named in the report of captures/${first.capture}`,
    ]);
  });

  test('as surely as the manual page says, for each place of the capture (UPDATE=1 rewrites the table)', () => {
    const table = certaintyTable(causes, told);
    if (process.env.UPDATE === '1') writeFileSync(CERTAINTY, withTable(readFileSync(CERTAINTY, 'utf8'), table));
    else expect(measuredCertainty).toEqual(table);
  });

  test('those that wait do so for a reason that still holds', () => {
    expect(waitingInVain(WAITING, written, shownBy(), causeIds)).toEqual([]);
  });

  test('one that waits although everything is there is noticed', () => {
    const [ready] = causes as readonly [Cause];
    const rest = new Set([...causeIds].filter((id) => id !== ready.id));
    const explained = planted({ id: 'unrecorded', capture: 'path/never-made' });
    const unseen = planted({ id: 'unseen', capture: ready.capture, explains: [{ pattern: 'no-such', weigh: () => undefined }] });
    const reasons: Record<string, Waiting> = {
      [ready.id]: 'for a recording',
      unrecorded: 'for a pattern',
      unseen: 'for a recording',
      gone: 'for a pattern',
    };
    expect(waitingInVain(reasons, [...causes, explained, unseen], shownBy(), rest)).toEqual([
      `${ready.id} need not wait any longer`,
      'unrecorded waits for a recording now',
      'unseen waits for a recording that shows it now',
      'gone waits for a pattern, but there is no such cause',
    ]);
    expect(waitingInVain({ [ready.id]: 'for a recording' }, causes, shownBy(), causeIds)).toEqual([`${ready.id} is listed and waits all the same`]);
  });
});

describe('names are those of the kernel', () => {
  test('sysctls, counters, drop reasons and reset reasons of causes, also of those that wait', () => {
    expect(misspelt(written, spelling)).toEqual([]);
  });

  test('sysctls that have a page', () => {
    expect(sysctls.map(({ name }) => name).filter((name) => !spelling.sysctls.has(name))).toEqual([]);
  });

  test('a misspelt one is noticed, in a list and in a command', () => {
    const cause = planted({
      id: 'odd',
      sysctls: ['net.ipv4.tcp_fastopn'],
      counters: ['TcpExtListenOverflow'],
      dropReasons: ['TCP_LISTEN_OVERFLOWS'],
      resetReasons: ['SOCKET_NO'],
      confirm: [{ run: 'nstat -az TcpExtListenDrop; sysctl net.ipv4.tcp_sak', expect: '' }],
    });
    expect(misspelt([cause], spelling)).toEqual([
      'odd: net.ipv4.tcp_fastopn is no sysctl',
      'odd: TcpExtListenOverflow is no counter',
      'odd: TCP_LISTEN_OVERFLOWS is no drop reason',
      'odd: SOCKET_NO is no reset reason',
      'odd: TcpExtListenDrop is no counter',
      'odd: net.ipv4.tcp_sak is no sysctl',
    ]);
  });

  test('every sysctl that a cause names has a page', () => {
    expect(unpaged(written, sysctlNamed)).toEqual([]);
    expect(unpaged([planted({ id: 'odd', sysctls: ['net.ipv4.tcp_nothing'] })], sysctlNamed)).toEqual(['odd: no page of net.ipv4.tcp_nothing']);
  });
});

describe('causes that are spoken of exist', () => {
  test('what looks alike, and what a setting has a part in', () => {
    expect(strangers(written, sysctls)).toEqual([]);
  });

  test('a stranger is noticed', () => {
    const cause = planted({
      id: 'odd',
      mimics: [
        { cause: 'oddity', tell: '' },
        { cause: 'odd', tell: '' },
      ],
    });
    const [sysctl] = sysctls;
    expect(strangers([cause], [{ ...(sysctl as (typeof sysctls)[number]), name: 'net.ipv4.x', causes: ['nobody'] }])).toEqual([
      'odd looks like oddity, which is no cause',
      'odd looks like itself',
      'net.ipv4.x has a part in nobody, which is no cause',
    ]);
  });
});

function shownBy(): Map<string, ReadonlySet<string>> {
  return new Map([...told].map(([name, { patterns: shown }]) => [name, shown]));
}

function withTable(text: string, table: typeof measuredCertainty): string {
  const rows = Object.entries(table).map(([id, places]) => {
    const pairs = Object.entries(places).map(([place, certainty]) => `${place}: '${certainty}'`);
    return `  ${/^[a-z]+$/.test(id) ? id : `'${id}'`}: {${pairs.length > 0 ? ` ${pairs.join(', ')} ` : ''}},\n`;
  });
  return text.replace(/= \{[\s\S]*$/, () => `= {\n${rows.join('')}};\n`);
}
