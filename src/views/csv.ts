import type { Finding } from '../report.js';
import { printable } from './printable.js';
import type { View } from './view.js';

/** One finding a line (RFC 4180), for a spreadsheet. */
export const csv: View = function* ({ findings }) {
  yield line(Object.keys(COLUMNS));
  for (const finding of findings) yield line(Object.values(COLUMNS).map((column) => String(column(finding))));
};

const COLUMNS: Readonly<Record<string, (finding: Finding) => string | number>> = {
  severity: ({ severity }) => severity,
  pattern: ({ pattern }) => pattern,
  title: ({ title }) => title,
  subject: ({ subject }) => subject,
  side: ({ side }) => side ?? '',
  captures: ({ captures = [] }) => captures.join('; '),
  streams: ({ streams }) => streams.join(' '),
  frames: ({ frames }) => frames.join(' '),
  filter: ({ filter }) => filter,
  sentence: ({ sentence }) => sentence,
  cause: ({ suspects: [first] }) => first?.cause ?? '',
  certainty: ({ suspects: [first] }) => first?.certainty ?? '',
  where: ({ suspects: [first] }) => first?.where ?? '',
  because: ({ suspects: [first] }) => first?.because.join('; ') ?? '',
  against: ({ suspects: [first] }) => first?.against.join('; ') ?? '',
  other_suspects: ({ suspects: [, ...others] }) => others.map(({ cause }) => cause).join(' '),
};

function line(cells: readonly string[]): string {
  return `${cells.map(cell).join(',')}\r`;
}

/** A cell that begins like a formula is one to a spreadsheet, quoted or not: an apostrophe makes it text (CWE-1236). */
function cell(text: string): string {
  const safe = printable(text).replace(/^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/, "'$&");
  return /[",\s;]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
