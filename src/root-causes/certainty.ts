import type { Vantage } from '../hosts/vantage.js';
import type { Certainty } from './cause.js';

/** How sure a cause could be said to be in its own recordings, by where they were made. Places without a recording are missing. */
export type MeasuredCertainty = Readonly<Partial<Record<Vantage, Certainty>>>;

/** Measured by test/catalogue.test.ts, which also rewrites it. */
export const measuredCertainty: Readonly<Record<string, MeasuredCertainty>> = {};
