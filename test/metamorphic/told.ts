import { analyze } from '../../src/analyze.js';
import { Capture } from '../../src/capture/capture.js';
import type { Finding, Report } from '../../src/report.js';
import { memory } from '../bytes.js';

/** The report on files that are in memory, read as one capture. */
export function reportOf(...files: Buffer[]): Promise<Report> {
  return analyze(new Capture(files.map((file) => async () => memory(file))));
}

/** A finding without the names of hosts: what must not change when only these do. */
export function told({ findings }: Report, isMeant: (finding: Finding) => boolean = () => true): string[] {
  return findings
    .filter(isMeant)
    .map((finding) => `${heading(finding)}: ${suspectsOf(finding).join(', ')}; frames ${finding.frames.join(' ')}`)
    .sort();
}

/** What was found, without why. */
export function headings({ findings }: Report): string[] {
  return findings.map(heading).sort();
}

function heading({ pattern, severity, side }: Finding): string {
  return `${severity} ${pattern}${side === null ? '' : ` at the ${side}`}`;
}

function suspectsOf({ suspects }: Finding): string[] {
  return suspects.map(({ cause, certainty }) => `${cause} ${certainty}`);
}

const RANK: Readonly<Record<string, number>> = { possible: 1, likely: 2, certain: 3, confirmed: 4 };

/** How sure the report is of each cause, at most: 1 possible, 2 likely, 3 certain. */
export function certainties({ findings }: Report): Map<string, number> {
  const highest = new Map<string, number>();
  for (const { cause, certainty } of findings.flatMap(({ suspects }) => suspects)) {
    highest.set(cause, Math.max(highest.get(cause) ?? 0, RANK[certainty] ?? 0));
  }
  return highest;
}

/** Causes that are certain; what is wrong with the capture itself is another matter. */
export function certain(report: Report): string[] {
  return [...certainties(report)].filter(([cause, rank]) => rank >= 3 && !cause.startsWith('capture-')).map(([cause]) => cause);
}
