import type { Report } from '../report.js';

/** What is said when there is nothing to say; nothing when something was `found`, or left out. */
export function healthText(found: number, leftOut: Report['leftOut']): string | undefined {
  if (found > 0 || leftOut.length > 0) return undefined;
  return 'Nothing went wrong in these conversations, as far as the capture shows.';
}
