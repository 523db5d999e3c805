import { SaxesParser } from 'saxes';
import { beforeAll, describe, expect, test } from 'vitest';
import { junit } from '../../src/views/junit.js';
import { type Reported, reportsOfRecordings } from '../reports.js';
import { comparisonWith, PAYLOADS, reportWith } from './payloads.js';
import { PLAIN } from './view-options.js';

/** What junit-10.xsd of Jenkins allows of the elements that are used: their attributes (required ones with !) and what they hold. */
const ALLOWED: Readonly<Record<string, { attributes: string; children: string }>> = {
  testsuites: { attributes: 'name time tests failures errors', children: 'testsuite' },
  testsuite: {
    attributes: 'name! tests! failures! errors! group time skipped timestamp hostname id package file log url',
    children: 'testsuite properties testcase system-out system-err',
  },
  testcase: { attributes: 'name! time classname group', children: 'skipped error failure system-out system-err' },
  failure: { attributes: 'type message', children: '' },
  'system-out': { attributes: '', children: '' },
};

interface Node {
  name: string;
  attributes: Record<string, string>;
  text: string;
  children: Node[];
}

/** Reads strictly: what is not well-formed XML 1.0 throws. */
function parsed(report: Reported['report']): Node {
  const root: Node = { name: '', attributes: {}, text: '', children: [] };
  const open = [root];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const node = { name, attributes: { ...attributes } as Record<string, string>, text: '', children: [] };
    open.at(-1)?.children.push(node);
    open.push(node);
  });
  parser.on('text', (text) => {
    (open.at(-1) as Node).text += text;
  });
  parser.on('closetag', () => open.pop());
  parser.write([...junit(report, PLAIN)].join('\n')).close();
  return root.children[0] as Node;
}

function* violations({ name, attributes, children }: Node): Generator<string> {
  const rule = ALLOWED[name];
  if (rule === undefined) return yield `<${name}> is unknown`;
  const known = rule.attributes.split(' ').map((attribute) => attribute.replace('!', ''));
  for (const attribute of Object.keys(attributes)) if (!known.includes(attribute)) yield `<${name}> has no attribute ${attribute}`;
  for (const required of rule.attributes.split(' ').filter((attribute) => attribute.endsWith('!')))
    if (!(required.slice(0, -1) in attributes)) yield `<${name}> needs ${required}`;
  for (const child of children) {
    if (!rule.children.split(' ').includes(child.name)) yield `<${name}> holds no <${child.name}>`;
    yield* violations(child);
  }
}

function testCases(root: Node): Node[] {
  return root.children.flatMap(({ children }) => children);
}

let reports: Reported[] = [];
beforeAll(async () => {
  reports = await reportsOfRecordings();
}, 300_000);

describe('the report as JUnit', () => {
  test('keeps to what Jenkins reads, whatever the recording', () => {
    for (const { name, report } of reports) expect([...violations(parsed(report))], name).toEqual([]);
  });

  test('a violation is noticed', () => {
    const planted: Node = { name: 'testsuite', attributes: { name: 'x', colour: 'red' }, text: '', children: [] };
    expect([...violations(planted)]).toContain('<testsuite> has no attribute colour');
    expect([...violations(planted)]).toContain('<testsuite> needs tests!');
  });

  test('one test reads the capture, one stands for each finding, and only failures fail', () => {
    for (const { report } of reports) {
      const root = parsed(report);
      const cases = testCases(root);
      expect(cases).toHaveLength(1 + report.findings.length);
      const failed = cases.filter(({ children }) => children.some(({ name }) => name === 'failure')).length;
      expect(failed).toBe(report.findings.filter(({ severity }) => severity === 'failure').length);
      expect(root.attributes).toMatchObject({ tests: String(cases.length), failures: String(failed) });
    }
  });

  test('a damaged capture fails', () => {
    const [reading] = testCases(parsed(reportWith('x')));
    expect(reading?.children[0]).toMatchObject({ name: 'failure', attributes: { type: 'capture-damaged' } });
  });

  test.each(PAYLOADS)('stays well-formed with %s', (_, payload) => {
    const root = parsed(reportWith(payload));
    expect([...violations(root)]).toEqual([]);
    expect(testCases(root)).toHaveLength(4);
    expect([...violations(parsed(comparisonWith(payload)))]).toEqual([]);
  });
});
