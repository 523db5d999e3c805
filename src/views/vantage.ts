import type { FlowReport } from '../report.js';

/** Where a conversation was captured, and how that is known, as it follows "captured": "at the client: it answers within 0.02 ms, …". */
export function vantageText({ vantage: { place, reason } }: FlowReport): string {
  return `${place === 'unknown' ? 'at a place that is not known' : `at the ${place}`}: ${reason}`;
}
