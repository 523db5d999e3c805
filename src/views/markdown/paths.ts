import type { PathEvent, PathReport } from '../../report.js';
import { clip, safe } from './safe.js';

/** So many rows of events fit into a ticket. */
const MOST_ROWS = 40;

/** Characters. */
const MOST_OF_NAME = 120;

/** What became of the segments between two captures. */
export function* pathSection({ from, to, sentences, events, eventsOmitted }: PathReport, withEvents: boolean): Generator<string> {
  const [near, far] = [from, to].map(({ capture }) => safe(clip(capture, MOST_OF_NAME)));
  yield '';
  yield `## path: ${near} to ${far}`;
  yield '';
  for (const sentence of sentences) yield `- ${safe(sentence)}`;
  if (!withEvents || events.length === 0) return;
  yield '';
  yield `| s | what | direction | segment | ${near} | ${far} | took |`;
  yield '|--:|---|---|---|--:|--:|--:|';
  for (const event of events.slice(0, MOST_ROWS)) yield row(event);
  const more = eventsOmitted + Math.max(0, events.length - MOST_ROWS);
  if (more > 0) yield `\n${more} more in the JSON report.`;
}

function row({ at, kind, direction, segment, from, to, delay }: PathEvent): string {
  const took = delay === null ? '' : `${(delay * 1e3).toFixed(1)} ms`;
  return `| ${at.toFixed(6)} | ${kind} | ${direction} | ${safe(segment)} | ${from?.frame ?? ''} | ${to?.frame ?? ''} | ${took} |`;
}
