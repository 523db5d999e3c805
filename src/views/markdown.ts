import { countBySeverity, type Finding, type Report, SEVERITIES } from '../report.js';
import { section } from './markdown/section.js';
import { summary } from './markdown/summary.js';
import type { View } from './view.js';

/** Characters that a ticket takes on GitHub, GitLab and Jira, with room to spare. */
const LIMIT = 30_000;
/** Kept free for the line that says what was left out. */
const CLOSING = 200;

/**
 * The report for a ticket. Too long, it sheds the state tables first, then findings from the least on, down to the worst conversation;
 * the summary, and what was left out, always stay.
 */
export const markdown: View = function* (report, { limit = LIMIT }) {
  const head = [...summary(report)].join('\n');
  const room = limit - head.length - CLOSING;
  const whole = sectionsOf(report, true);
  const hasRoom = lengthOf(whole) <= room;
  const sections = hasRoom ? whole : fitting(sectionsOf(report, false), room);
  yield head;
  yield* sections;
  if (!hasRoom) yield `\n${closing(report.findings, sections.length, limit)}`;
};

function sectionsOf({ findings, flows }: Report, withStates: boolean): string[] {
  const byStream = new Map(flows.map((flow) => [flow.stream, flow]));
  return findings.map((finding) => [...section(finding, withStates ? byStream.get(finding.streams[0] ?? -1) : undefined)].join('\n'));
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

function closing(findings: readonly Finding[], shown: number, limit: number): string {
  const counts = countBySeverity(findings.slice(shown));
  const omitted = SEVERITIES.filter((severity) => counts[severity] > 0).map(
    (severity) => `${counts[severity]} ${severity}${counts[severity] === 1 ? '' : 's'}`,
  );
  return `Left out to stay within ${limit} characters: ${['the state tables', ...omitted].join(', ')}.`;
}
