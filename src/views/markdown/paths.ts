import type { PathEvent, PathReport } from '../../report.js';

/** So many rows of events fit into a ticket. */
const MOST_ROWS = 40;

/** What became of the segments between two captures. `safe` keeps text of the capture from being markup. */
export function* pathSection(
  { from, to, sentences, events, eventsOmitted }: PathReport,
  safe: (text: string) => string,
  withEvents: boolean,
): Generator<string> {
  yield '';
  yield `## path: ${safe(from.capture)} to ${safe(to.capture)}`;
  yield '';
  for (const sentence of sentences) yield `- ${safe(sentence)}`;
  if (!withEvents || events.length === 0) return;
  yield '';
  yield `| s | what | direction | segment | ${safe(from.capture)} | ${safe(to.capture)} | took |`;
  yield '|--:|---|---|---|--:|--:|--:|';
  for (const event of events.slice(0, MOST_ROWS)) yield row(event);
  const more = eventsOmitted + Math.max(0, events.length - MOST_ROWS);
  if (more > 0) yield `\n${more} more in the JSON report.`;
}

function row({ at, kind, direction, segment, from, to, delay }: PathEvent): string {
  const took = delay === null ? '' : `${(delay * 1e3).toFixed(1)} ms`;
  return `| ${at.toFixed(6)} | ${kind} | ${direction} | ${segment} | ${from?.frame ?? ''} | ${to?.frame ?? ''} | ${took} |`;
}
