import { basename } from 'node:path';
import type { Cause, Certainty } from '../../src/root-causes/cause.js';
import type { Sysctl } from '../../src/root-causes/sysctls/sysctl.js';
import type { RoomFile } from './rooms.js';

/** What is wrong, a line for each fault; empty when nothing is. */
type Faults = string[];

/** Files that no list leads to, and entries that are not called as their file. */
export function unlisted(files: readonly RoomFile[], listed: ReadonlySet<string>, waiting: ReadonlySet<string>): Faults {
  return files.flatMap(({ path, id, importedBy }) => {
    if (id === undefined)
      return importedBy.length === 0 && basename(path) !== 'index.ts' ? [`${path} is an entry of no list, and nobody imports it`] : [];
    if (id.replaceAll('_', '-') !== basename(path, '.ts').replaceAll('_', '-')) return [`${path} calls itself ${id}`];
    return listed.has(id) || waiting.has(id) ? [] : [`${path} is not listed`];
  });
}

/** Patterns that no cause explains, and causes that explain patterns which do not exist. */
export function unexplained(patterns: readonly string[], causes: readonly Cause[]): Faults {
  const explained = new Set(causes.flatMap(patternsOf));
  return [
    ...patterns.filter((id) => !explained.has(id)).map((id) => `no cause explains ${id}`),
    ...causes.flatMap((cause) =>
      patternsOf(cause)
        .filter((id) => !patterns.includes(id))
        .map((id) => `${cause.id} explains ${id}, which is no pattern`),
    ),
  ];
}

/** Causes without their recording. */
export function unrecorded(causes: readonly Cause[], recordings: ReadonlySet<string>): Faults {
  return causes.filter(({ capture }) => !recordings.has(capture)).map(({ id, capture }) => `${id} has no recording captures/${capture}`);
}

/** Causes that no report of their recording names. `named`: of each recording, its causes and how sure they are at best. */
export function unproven(causes: readonly Cause[], named: ReadonlyMap<string, ReadonlyMap<string, Certainty>>): Faults {
  return causes
    .filter(({ id, capture }) => named.get(capture)?.has(id) === false)
    .map(({ id, capture }) => `${id} is not named in the report of captures/${capture}`);
}

/** Settings without a page. */
export function unpaged(causes: readonly Cause[], pageOf: (name: string) => Sysctl | undefined): Faults {
  return causes.flatMap(({ id, sysctls = [] }) => sysctls.filter((name) => pageOf(name) === undefined).map((name) => `${id}: no page of ${name}`));
}

/** Names as the kernel spells them. */
export interface Spelling {
  sysctls: ReadonlySet<string>;
  counters: ReadonlySet<string>;
  dropReasons: ReadonlySet<string>;
  resetReasons: ReadonlySet<string>;
}

/** Names that the kernel does not know: in the lists of a cause, and in the commands that it gives. */
export function misspelt(causes: readonly Cause[], { sysctls, counters, dropReasons, resetReasons }: Spelling): Faults {
  return causes.flatMap((cause) => {
    const wrong = (names: readonly string[] | undefined, known: ReadonlySet<string>, what: string): Faults =>
      (names ?? []).filter((name) => !known.has(name)).map((name) => `${cause.id}: ${name} is no ${what}`);
    const commands = cause.confirm.map(({ run }) => run).join('\n');
    return [
      ...wrong(cause.sysctls, sysctls, 'sysctl'),
      ...wrong(cause.counters, counters, 'counter'),
      ...wrong(cause.dropReasons, dropReasons, 'drop reason'),
      ...wrong(cause.resetReasons, resetReasons, 'reset reason'),
      ...wrong(commands.match(/\b(?:TcpExt|IpExt|Tcp|Ip6?|Icmp6?)[A-Z]\w+\b(?!\*)/g) ?? [], counters, 'counter'),
      ...wrong(
        commands.match(/\bnet\.(?:ipv4|ipv6|core|netfilter)\.[\w.]*\w(?![\w{*])/g)?.filter((name) => !commands.includes(`${name}.{`)) ?? [],
        sysctls,
        'sysctl',
      ),
    ];
  });
}

/** Causes that are spoken of but do not exist. */
export function strangers(causes: readonly Cause[], sysctls: readonly Sysctl[]): Faults {
  const known = new Set(causes.map(({ id }) => id));
  return [
    ...causes.flatMap(({ id, mimics = [] }) =>
      mimics.filter(({ cause }) => !known.has(cause)).map(({ cause }) => `${id} looks like ${cause}, which is no cause`),
    ),
    ...causes.filter(({ id, mimics = [] }) => mimics.some(({ cause }) => cause === id)).map(({ id }) => `${id} looks like itself`),
    ...sysctls.flatMap((sysctl) => sysctl.causes.filter((id) => !known.has(id)).map((id) => `${sysctl.name} has a part in ${id}, which is no cause`)),
  ];
}

/** Why a cause with a file is not listed. */
export type Waiting = 'for a recording' | 'for a pattern' | 'for a recording that shows it';

/** Causes that need not wait any longer, or wait for something else. `shown`: the patterns that the reports of each recording find. */
export function waitingInVain(
  waiting: Readonly<Record<string, Waiting>>,
  inFiles: readonly Cause[],
  shown: ReadonlyMap<string, ReadonlySet<string>>,
  listed: ReadonlySet<string>,
): Faults {
  return Object.entries(waiting).flatMap(([id, reason]) => {
    const cause = inFiles.find((one) => one.id === id);
    if (cause === undefined) return [`${id} waits ${reason}, but there is no such cause`];
    if (listed.has(id)) return [`${id} is listed and waits all the same`];
    const still = waitsFor(cause, shown.get(cause.capture));
    if (still === undefined) return [`${id} need not wait any longer`];
    return still === reason ? [] : [`${id} waits ${still} now`];
  });
}

function waitsFor(cause: Cause, shown: ReadonlySet<string> | undefined): Waiting | undefined {
  if (shown === undefined) return 'for a recording';
  if (cause.explains.length === 0) return 'for a pattern';
  return patternsOf(cause).some((pattern) => shown.has(pattern)) ? undefined : 'for a recording that shows it';
}

function patternsOf({ explains }: Cause): string[] {
  return explains.map((one) => ('pattern' in one ? one.pattern : one.hostPattern));
}
