import type { FlowReport } from '../report.js';

const PLACES: Readonly<Record<string, string>> = {
  client: 'at the client',
  server: 'at the server',
  middle: 'in the middle',
  unknown: 'at a place that is not known',
};

/** Where a conversation was captured, and how that is known, as it follows "captured": "at the client: it answers within 0.02 ms, …". */
export function vantageText({ vantage: { place, reason } }: FlowReport): string {
  return `${PLACES[place] ?? place}: ${reason}`;
}
