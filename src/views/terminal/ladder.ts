import type { Finding, FlowReport, ReportedMoment } from '../../report.js';
import { clip } from './layout.js';
import type { Palette } from './palette.js';

/** So many segments are shown before and after the fold. */
const SHOWN = 6;

/** The segments that prove a finding, between the two ends: time, frame, who to whom, what. */
export function* ladder(finding: Finding, flow: FlowReport, width: number, ascii: boolean, { dim }: Palette): Generator<string> {
  const frames = new Set(finding.frames);
  const moments = flow.moments.filter(({ frame }) => frames.has(frame));
  if (moments.length === 0) return;
  const [right, left] = ascii ? ['-->', '<--'] : ['─▶', '◀─'];
  yield dim(`  ${'seconds'.padStart(12)}  ${'frame'.padStart(7)}  client ${right} server`);
  for (const moment of folded(moments)) {
    if (moment === 'fold') {
      yield dim(`  ${''.padStart(12)}  ${''.padStart(7)}  ${ascii ? '...' : '⋯'} ${moments.length - 2 * SHOWN} more alike`);
      continue;
    }
    const arrow = moment.side === 'client' ? right : left;
    yield clip(
      `  ${moment.at.toFixed(6).padStart(12)}  ${String(moment.frame).padStart(7)}  ${arrow} ${moment.segment}${remark(moment)}`,
      width,
      ascii,
    );
  }
}

function folded(moments: readonly ReportedMoment[]): (ReportedMoment | 'fold')[] {
  if (moments.length <= 2 * SHOWN + 1) return [...moments];
  return [...moments.slice(0, SHOWN), 'fold', ...moments.slice(-SHOWN)];
}

function remark({ flags, verdict, count }: ReportedMoment): string {
  const words = [...(verdict === '-' ? [] : [verdict]), ...flags.filter((flag) => verdict === '-' || !flag.includes('retransmission'))];
  const times = count > 1 ? ` (${count} times)` : '';
  return `${words.length > 0 ? `  [${words.join(', ')}]` : ''}${times}`;
}
