import type { FlowReport } from '../report.js';

/** What goes on after the capture, end by end: "at the client: FIN_WAIT1 is given up at +102 s". */
export function outlookOf({ timers }: FlowReport): string[] {
  return timers.map(({ side, sentence }) => `at the ${side}: ${sentence}`);
}
