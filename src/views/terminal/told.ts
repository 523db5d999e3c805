import { countBySeverity, type Finding, type FlowReport, flowOf, type Report } from '../../report.js';
import type { ViewOptions } from '../view.js';

/** What people are told of a report, which may hold thousands of conversations. */
export interface Told extends Pick<Report, 'capture' | 'input' | 'leftOut' | 'paths'> {
  readonly counts: Readonly<Record<Finding['severity'], number>>;
  /** The worst findings, with a conversation that shows each. */
  readonly full: readonly { readonly finding: Finding; readonly flow: FlowReport | undefined }[];
  /** Others that get a line each, and how many get none. */
  readonly brief: readonly Finding[];
  readonly untold: number;
}

/** Notes are told in full when nothing is worse, or on demand. */
export function toldOf(report: Report, { top, verbose }: ViewOptions): Told {
  const { capture, input, leftOut, paths, findings } = report;
  const full = findings.filter(({ severity }, i) => verbose || severity !== 'note' || i === 0).slice(0, top);
  const isInFull = new Set(full);
  const rest = findings.filter((finding) => !isInFull.has(finding));
  const brief = rest.slice(0, verbose ? 200 : 10);
  return {
    capture,
    input,
    leftOut,
    ...(paths && { paths }),
    counts: countBySeverity(findings),
    full: full.map((finding) => ({ finding, flow: flowOf(report, finding) })),
    brief,
    untold: rest.length - brief.length,
  };
}
