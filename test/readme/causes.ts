import type { Cause } from '../../src/root-causes/cause.js';

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

export const BEGIN = '<!-- causes -->';
export const END = '<!-- /causes -->';

/** The text with a table of causes between its two marks, in place of what stood there. Throws when a mark is missing. */
export function withCauses(text: string, topics: readonly Topic[], symptoms: readonly Symptom[]): string {
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END, begin);
  if (begin < 0 || end < 0) throw new Error(`the text has no ${begin < 0 ? BEGIN : END}`);
  return `${text.slice(0, begin + BEGIN.length)}\n${causesTable(topics, symptoms)}\n${text.slice(end)}`;
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
