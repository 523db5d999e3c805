import { escapedJson } from './escaped-json.js';
import type { View } from './view.js';

/** The report itself, as schema/report.schema.json describes it. */
export const json: View = function* (report) {
  yield escapedJson(report, 2);
};
