import { observations } from './observations/index.js';
import { hostPatterns, patterns, patternTopics } from './patterns/index.js';
import type { Cause } from './root-causes/cause.js';
import { type MeasuredCertainty, measuredCertainty } from './root-causes/certainty.js';
import { causes, topics } from './root-causes/index.js';
import { byCounter, byDropReason, byResetReason, type Naming } from './root-causes/names.js';
import { sysctlNamed, sysctls, sysctlTopics } from './root-causes/sysctls/index.js';
import type { Side, Sysctl } from './root-causes/sysctls/sysctl.js';

export type { Cause, MeasuredCertainty, Side, Sysctl };

/** What the catalogues say about an id. */
export type Entry =
  | { kind: 'observation'; id: string; title: string; about: string; doubt: string | undefined; example: string }
  | { kind: 'pattern'; id: string; title: string; about: string; example: string; causes: readonly Reference[] }
  | {
      kind: 'cause';
      id: string;
      title: string;
      cause: Cause;
      patterns: readonly Reference[];
      sysctls: readonly Sysctl[];
      certainty: MeasuredCertainty;
    }
  | { kind: 'sysctl'; id: string; title: string; sysctl: Sysctl; causes: readonly Reference[] }
  | { kind: EvidenceKind; id: string; title: string; evidence: readonly Evidence[] };

/** What a host reports: a counter of nstat, the reason for a packet that was dropped, the reason for a reset that was sent. */
export type EvidenceKind = 'counter' | 'drop-reason' | 'reset-reason';

/** Another entry, by its id. */
export interface Reference {
  readonly id: string;
  readonly title: string;
}

/** A cause that a counter or a reason points to, and how that is confirmed where the cause says it. */
export interface Evidence extends Reference {
  readonly confirm: Cause['confirm'];
}

/** Entries that belong together, for the list. */
export interface Group {
  readonly kind: Entry['kind'];
  readonly title: string;
  readonly entries: readonly Reference[];
}

/** The manual page of an id, that of a cause first; undefined when nothing is called so. */
export function explain(id: string): Entry | undefined {
  const wanted = plain(id);
  const cause = causes.find((one) => plain(one.id) === wanted);
  return cause === undefined ? pages(id)[0] : causeEntry(cause); // reports ask for causes: nothing else has to be written for them
}

/**
 * Every manual page of an id: a pattern may be called as the one cause that it has. Hyphens and underscores mean the same; settings are also
 * found by the last part of their name, counters and reasons without the prefix that the kernel's tools put before them.
 */
export function pages(id: string): Entry[] {
  const wanted = plain(id);
  const sysctl = sysctlNamed(id);
  const found = entries().filter((entry) => plain(entry.id) === wanted || entry.id === sysctl?.name);
  return found.sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
}

/** The pattern or the cause of this id, by which a finding can be called. */
export function findingCalled(id: string): Entry | undefined {
  return pages(id).find(({ kind }) => kind === 'pattern' || kind === 'cause');
}

const ORDER: readonly Entry['kind'][] = ['cause', 'pattern', 'observation', 'sysctl', 'counter', 'drop-reason', 'reset-reason'];
const PREFIXES = /^(skb-drop-reason|sk-rst-reason)-|^(tcpext|ipext)?(tcp|ip|icmp)?(?=[a-z])/;

function plain(id: string): string {
  return id.trim().toLowerCase().replaceAll('_', '-').replace(PREFIXES, '');
}

let all: readonly Entry[] | undefined;

/** All entries, by kind. */
export function entries(): readonly Entry[] {
  all ??= gathered();
  return all;
}

function gathered(): Entry[] {
  const named = new Map(causes.map((cause) => [cause, sysctlsOf(cause)]));
  return [
    ...observations.map(({ id, title, about, doubt, example }): Entry => ({ kind: 'observation', id, title, about, doubt, example })),
    ...[...patterns, ...hostPatterns].map(
      ({ id, title, about, example }): Entry => ({ kind: 'pattern', id, title, about, example, causes: causesOf(id).map(reference) }),
    ),
    ...causes.map(causeEntry),
    ...sysctls.map((sysctl) => sysctlEntry(sysctl, named)),
    ...evidenceEntries('counter', byCounter()),
    ...evidenceEntries('drop-reason', byDropReason()),
    ...evidenceEntries('reset-reason', byResetReason()),
  ];
}

/** What there is, as people look for it. */
export function groups(): Group[] {
  return [
    { kind: 'observation', title: 'Observations, of one segment', entries: observations.map(reference) },
    ...patternTopics.map(({ title, patterns: few }): Group => ({ kind: 'pattern', title: `Patterns: ${title}`, entries: few.map(reference) })),
    ...topics.map(({ title, causes: few }): Group => ({ kind: 'cause', title: `Causes: ${title}`, entries: few.map(reference) })),
    ...sysctlTopics.map(({ title, sysctls: few }): Group => ({ kind: 'sysctl', title: `Settings: ${title}`, entries: few.map(sysctlReference) })),
    { kind: 'counter', title: 'Counters', entries: evidenceEntries('counter', byCounter()).map(reference) },
    { kind: 'drop-reason', title: 'Drop reasons', entries: evidenceEntries('drop-reason', byDropReason()).map(reference) },
    { kind: 'reset-reason', title: 'Reset reasons', entries: evidenceEntries('reset-reason', byResetReason()).map(reference) },
  ];
}

/** Ids that resemble one that does not exist, the most similar first. */
export function similar(id: string): string[] {
  const wanted = pairsOf(plain(id));
  const scored = [...new Set(entries().map((entry) => entry.id))].map((candidate) => {
    const theirs = pairsOf(plain(candidate).replace(/^net\.(ipv4|core|netfilter)\./, ''));
    const shared = [...wanted].filter((pair) => theirs.has(pair)).length;
    return { candidate, shared, likeness: (2 * shared) / (wanted.size + theirs.size), covered: shared / wanted.size };
  });
  return scored
    .filter(({ shared, likeness, covered }) => shared > 2 && (likeness > 0.5 || covered > 0.8))
    .sort((a, b) => b.likeness + b.covered - a.likeness - a.covered)
    .slice(0, 5)
    .map(({ candidate }) => candidate);
}

/** Pairs of neighbouring letters: words that share most of them look alike, whatever is misspelt or left out. */
function pairsOf(text: string): Set<string> {
  return new Set(Array.from({ length: Math.max(0, text.length - 1) }, (_, i) => text.slice(i, i + 2)));
}

function causeEntry(cause: Cause): Entry {
  const names = patternsOf(cause);
  return {
    kind: 'cause',
    id: cause.id,
    title: cause.title,
    cause,
    patterns: [...patterns, ...hostPatterns].filter(({ id }) => names.has(id)).map(reference),
    sysctls: sysctlsOf(cause),
    certainty: measuredCertainty[cause.id] ?? {},
  };
}

function sysctlsOf(cause: Cause): Sysctl[] {
  return (cause.sysctls ?? []).flatMap((name) => sysctlNamed(name) ?? []);
}

function sysctlEntry(sysctl: Sysctl, named: ReadonlyMap<Cause, readonly Sysctl[]>): Entry {
  const having = causes.filter((cause) => sysctl.causes.includes(cause.id) || named.get(cause)?.includes(sysctl));
  return { kind: 'sysctl', ...sysctlReference(sysctl), sysctl, causes: having.map(reference) };
}

function sysctlReference({ name, meaning }: Sysctl): Reference {
  const [title = ''] = meaning.split(/(?<=[.:]) /);
  return { id: name, title: title.replace(/\s+/g, ' ').replace(/[.:]$/, '') };
}

function evidenceEntries(kind: EvidenceKind, naming: Naming): Entry[] {
  return [...naming].map(([id, named]) => {
    const evidence = named.map((cause) => ({
      ...reference(cause),
      confirm: cause.confirm.filter(({ run, expect }) => mentions(`${run} ${expect}`, id)),
    }));
    return { kind, id, title: named.map((cause) => cause.id).join(', '), evidence };
  });
}

function mentions(text: string, name: string): boolean {
  return text.includes(name.replace(/^(TcpExt|IpExt)/, ''));
}

function reference({ id, title }: Reference): Reference {
  return { id, title };
}

function causesOf(pattern: string): Cause[] {
  return causes.filter((cause) => patternsOf(cause).has(pattern));
}

function patternsOf(cause: Cause): Set<string> {
  return new Set(cause.explains.map((explanation) => ('pattern' in explanation ? explanation.pattern : explanation.hostPattern)));
}
