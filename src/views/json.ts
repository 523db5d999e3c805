import type { View } from './view.js';

/** The report itself, as schema/report.schema.json describes it. */
export const json: View = function* (report) {
  yield JSON.stringify(report, undefined, 2);
};
