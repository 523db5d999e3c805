import { InvalidArgumentError } from 'commander';
import { nearest } from '../filter/words.js';
import { type Report, SEVERITIES } from '../report.js';
import { isAtLeast, isCalled } from '../selection.js';
import { findingIds } from './arguments.js';

/** When a report is a reason to exit with 1. */
export type FailOn = (report: Report) => boolean;

export const never: FailOn = () => false;

/** A severity, ids of patterns and of most probable causes, or "never". */
export function failOn(text: string): FailOn {
  if (text === 'never') return never;
  const severity = SEVERITIES.find((one) => one === text);
  if (severity !== undefined) return ({ findings }) => findings.some((finding) => isAtLeast(finding, severity));
  const near = nearest(text, [...SEVERITIES, 'never']);
  if (near !== undefined) throw new InvalidArgumentError(`do you mean ${near}?`);
  try {
    const ids = findingIds(text);
    return ({ findings }) => findings.some((finding) => isCalled(finding, ids));
  } catch (error) {
    throw new InvalidArgumentError(`${SEVERITIES.join(', ')}, never, or ids are needed; ${(error as Error).message}`);
  }
}
