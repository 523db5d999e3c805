import type { LeftOut } from '../report.js';

const CHOICES: Readonly<Record<LeftOut['by'], string>> = {
  filter: 'outside the filter',
  stream: 'with something to tell, but other numbers',
  time: 'with something to tell, but at other times',
  only: 'of other kinds',
  ignore: 'to be ignored',
  severity: 'less severe',
  top: 'beyond the worst',
};

/** "3 conversations outside the filter" */
export function leftOutText({ by, what, count }: LeftOut): string {
  return `${count} ${count === 1 ? what.slice(0, -1) : what} ${CHOICES[by]}`;
}
