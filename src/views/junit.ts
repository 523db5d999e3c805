import { type Finding, type Report, SEVERITIES } from '../report.js';
import { causeLabel } from './cause-label.js';
import { inCapture } from './in-capture.js';
import type { View } from './view.js';
import { type Element, element, xmlDocument } from './xml.js';

/** A test report as continuous integration reads it: reading the captures is one test, every finding another; failures fail. */
export const junit: View = function* (report) {
  const tests = [readingTest(report), ...report.findings.map(findingTest)];
  const failures = tests.filter(({ content }) => content.some((part) => typeof part !== 'string' && part.name === 'failure')).length;
  const counts = { tests: tests.length, failures, errors: 0 };
  const path = (report.paths ?? []).flatMap(({ sentences }) => sentences);
  const output = path.length > 0 ? [element('system-out', {}, path.join('\n'))] : [];
  const suite = element('testsuite', { name: report.input.map(({ name }) => name).join(', ') || 'capture', ...counts }, ...tests, ...output);
  yield* xmlDocument(element('testsuites', { name: 'tcpexplain', ...counts }, suite));
};

function readingTest({ capture }: Report): Element {
  const damage = capture.caveats.filter(({ id }) => id === 'capture-damaged').map(({ sentence }) => sentence);
  const others = capture.caveats.filter(({ id }) => id !== 'capture-damaged').map(({ sentence }) => sentence);
  return element(
    'testcase',
    { classname: 'tcpexplain.capture', name: 'the capture is readable' },
    ...(damage.length > 0 ? [element('failure', { type: 'capture-damaged', message: damage[0] ?? '' }, damage.join('\n'))] : []),
    ...(others.length > 0 ? [element('system-out', {}, others.join('\n'))] : []),
  );
}

/** Only a failure fails; of the rest the test report tells, too. */
function findingTest(finding: Finding): Element {
  const { pattern, severity, subject, side, title, sentence } = finding;
  const message = `${title}: ${sentence}`;
  const isFailure = severity === SEVERITIES[0];
  const name = side === null ? subject : `${subject}, at the ${side}`;
  return element(
    'testcase',
    { classname: `tcpexplain.${severity}.${pattern}`, name },
    isFailure ? element('failure', { type: pattern, message }, details(finding)) : element('system-out', {}, `${message}\n${details(finding)}`),
  );
}

function details(finding: Finding): string {
  const { filter, frames, suspects, ruledOut } = finding;
  const causes = suspects.map(
    ({ cause, certainty, because, facts }, i) =>
      `${i === 0 ? causeLabel(certainty).toLowerCase() : 'or'}: ${cause} (${certainty})${reasons([...facts, ...because])}`,
  );
  return [
    `filter: ${filter}${inCapture(finding)}`,
    `frames: ${frames.join(', ')}`,
    ...causes,
    ...ruledOut.map(({ cause, by }) => `ruled out: ${cause}${reasons(by)}`),
  ].join('\n');
}

function reasons(clauses: readonly string[]): string {
  return clauses.length > 0 ? `: ${clauses.join('; ')}` : '';
}
