import { observations } from './observations/index.js';
import { hostPatterns, patterns } from './patterns/index.js';
import type { Cause } from './root-causes/cause.js';
import { causes } from './root-causes/index.js';

/** What the catalogues say about an id. */
export type Entry =
  | { kind: 'observation'; id: string; title: string; about: string; doubt: string | undefined; example: string }
  | { kind: 'pattern'; id: string; title: string; about: string; example: string; causes: string[] }
  | { kind: 'cause'; id: string; title: string; cause: Cause; patterns: string[] };

/** The manual page of an id; undefined when nothing is called so. Hyphens and underscores mean the same. */
export function explain(id: string): Entry | undefined {
  const wanted = id.trim().toLowerCase().replaceAll('_', '-');
  return entries().find((entry) => entry.id.replaceAll('_', '-') === wanted);
}

/** All entries: observations, then patterns, then causes. */
export function entries(): Entry[] {
  return [
    ...observations.map(({ id, title, about, doubt, example }): Entry => ({ kind: 'observation', id, title, about, doubt, example })),
    ...[...patterns, ...hostPatterns].map(
      ({ id, title, about, example }): Entry => ({ kind: 'pattern', id, title, about, example, causes: causesOf(id) }),
    ),
    ...causes.map((cause): Entry => ({ kind: 'cause', id: cause.id, title: cause.title, cause, patterns: patternsOf(cause) })),
  ];
}

/** Ids that resemble one that does not exist. */
export function similar(id: string): string[] {
  const wanted = id.toLowerCase().replaceAll('_', '-');
  const words = wanted.split('-').filter((word) => word.length > 2);
  const score = (candidate: string): number => words.filter((word) => candidate.includes(word)).length;
  return entries()
    .map((entry) => entry.id)
    .filter((candidate) => score(candidate.replaceAll('_', '-')) > 0)
    .sort((a, b) => score(b) - score(a))
    .slice(0, 5);
}

function causesOf(pattern: string): string[] {
  return causes.filter((cause) => patternsOf(cause).includes(pattern)).map(({ id }) => id);
}

function patternsOf(cause: Cause): string[] {
  return [...new Set(cause.explains.map((explanation) => ('pattern' in explanation ? explanation.pattern : explanation.hostPattern)))];
}
