import type { Cause } from '../../src/root-causes/cause.js';
import { withSection } from './section.js';

/** Causes that belong together, under one heading. */
export interface Topic {
  readonly title: string;
  readonly causes: readonly Cause[];
}

/** What the reader sees of a pattern. */
interface Symptom {
  readonly id: string;
  readonly title: string;
}

/** The text with a table of causes in the section named "causes", in place of what stood there. */
export function withCauses(text: string, topics: readonly Topic[], symptoms: readonly Symptom[]): string {
  return withSection(text, 'causes', causesTable(topics, symptoms));
}

/** A table for each topic: what it is called, how it shows, and where to look for it on the host. */
export function causesTable(topics: readonly Topic[], symptoms: readonly Symptom[]): string {
  return topics.map(({ title, causes }) => [`**${title}**`, '', ...HEAD, ...causes.map((cause) => rowOf(cause, symptoms))].join('\n')).join('\n\n');
}

const HEAD = ['| cause | shows as | sysctls | counters | recording |', '|---|---|---|---|---|'];

function rowOf({ id, title, explains, sysctls = [], counters = [], capture }: Cause, symptoms: readonly Symptom[]): string {
  const shownAs = new Set(explains.map((one) => ('pattern' in one ? one.pattern : one.hostPattern)));
  const cells = [
    `${code(id)}<br>${title}`,
    symptoms.filter((symptom) => shownAs.has(symptom.id)).map((symptom) => symptom.title),
    sysctls.map(code),
    counters.map(code),
    `[${capture}](captures/${capture})`,
  ];
  return `| ${cells
    .map((cell) => (typeof cell === 'string' ? cell : cell.join('<br>')))
    .map(inCell)
    .join(' | ')} |`;
}

function inCell(text: string): string {
  return text
    .replaceAll('|', '\\|')
    .replaceAll('_', '\\_')
    .replace(/`[^`]*`/g, (quoted) => quoted.replaceAll('\\_', '_'));
}

function code(text: string): string {
  return `\`${text}\``;
}
