import { type Report, SEVERITIES } from '../report.js';

/** Whether a report has a finding at or above a severity, or one of a list of ids of patterns and probable causes. */
export function fails({ findings }: Report, failOn: string): boolean {
  if (failOn === 'never') return false;
  const level = SEVERITIES.findIndex((severity) => severity === failOn);
  const ids = failOn.split(',');
  return findings.some(({ severity, pattern, suspects }) =>
    level >= 0 ? SEVERITIES.indexOf(severity) <= level : ids.includes(pattern) || (suspects[0] !== undefined && ids.includes(suspects[0].cause)),
  );
}
