import { countBySeverity, flowOf, type Report, SEVERITIES } from '../report.js';
import { pathSection } from './markdown/paths.js';
import { type Said, section } from './markdown/section.js';
import { summary } from './markdown/summary.js';
import type { View } from './view.js';

/** Characters that a ticket takes on GitHub, GitLab and Jira, with room to spare. */
const LIMIT = 30_000;
/** Kept free for the line that says what was left out. */
const CLOSING = 200;

/**
 * The report for a ticket. Too long, it sheds the tables first, then findings from the least on, down to the worst conversation, at last what
 * is said about the path between several captures; the summary, and what was left out, always stay.
 */
export const markdown: View = function* (report, { limit = LIMIT }) {
  const head = [...summary(report)].join('\n');
  const room = limit - head.length - CLOSING;
  const whole = sectionsOf(report, true);
  const hasRoom = lengthOf(whole) <= room;
  const sections = hasRoom ? whole : fitting(sectionsOf(report, false), room);
  yield head;
  yield* sections;
  if (!hasRoom) yield `\n${closing(report, sections.length, limit)}`;
};

/** First the paths, then the findings. */
function sectionsOf(report: Report, withTables: boolean): string[] {
  const { paths = [], findings } = report;
  const said: Said = { ends: new Set(), advice: new Set() };
  return [
    ...paths.map((path) => pathSection(path, withTables)),
    ...findings.map((finding) => section(finding, flowOf(report, finding), said, withTables)),
  ].map((lines) => [...lines].join('\n'));
}

/** As many as there is room for, from the worst on. */
function fitting(sections: readonly string[], room: number): string[] {
  let left = room;
  const tooMany = sections.findIndex((text) => {
    left -= text.length + 1;
    return left < 0;
  });
  return tooMany < 0 ? [...sections] : sections.slice(0, tooMany);
}

function lengthOf(sections: readonly string[]): number {
  return sections.reduce((sum, { length }) => sum + length + 1, 0);
}

function closing({ findings, paths = [] }: Report, shown: number, limit: number): string {
  const counts = countBySeverity(findings.slice(Math.max(0, shown - paths.length)));
  const omitted = SEVERITIES.filter((severity) => counts[severity] > 0).map((severity) => countText(counts[severity], severity));
  const tables = paths.length > 0 ? ['the state tables', 'the events on the path'] : ['the state tables'];
  const untold = shown < paths.length ? [countText(paths.length - shown, 'path')] : [];
  return `Left out to stay within ${limit} characters: ${[...tables, ...untold, ...omitted].join(', ')}.`;
}

function countText(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
