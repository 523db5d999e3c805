import type { ReportedSuspect } from '../report.js';

const LABELS: Readonly<Record<ReportedSuspect['certainty'], string>> = {
  confirmed: 'Cause',
  certain: 'Cause',
  likely: 'Probable cause',
  possible: 'Possible cause',
};

/** What the first suspect is called: no more than its certainty allows, and no less. */
export function causeLabel(certainty: ReportedSuspect['certainty']): string {
  return LABELS[certainty];
}
