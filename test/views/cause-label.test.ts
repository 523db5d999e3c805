import { expect, test } from 'vitest';
import type { Report } from '../../src/report.js';
import { html } from '../../src/views/html.js';
import { junit } from '../../src/views/junit.js';
import { markdown } from '../../src/views/markdown.js';
import { sarif } from '../../src/views/sarif.js';
import { terminal } from '../../src/views/terminal.js';
import { reportOf, SHOWN } from './reports.js';
import { PLAIN } from './view-options.js';

const LABELS = { possible: 'Possible cause', likely: 'Probable cause', certain: 'Cause', confirmed: 'Cause' } as const;

test.each([
  ['terminal', terminal, /^ {2}(\S.*cause|Cause) {2}\S/gim],
  ['markdown', markdown, /^\*\*(.*cause): /gim],
  ['html', html, /<section class="cause"><h4>(.*)<\/h4>/g],
  ['junit', junit, /^(.*cause): /gim],
  ['sarif', sarif, /\. (\w* ?cause): /gi],
])('%s calls a cause no surer than it is', async (_, view, label) => {
  const report = await reportOf(SHOWN[0] as string);
  for (const [certainty, expected] of Object.entries(LABELS)) {
    const findings = report.findings.map((finding) => ({ ...finding, suspects: finding.suspects.map((one) => ({ ...one, certainty })) }));
    const written = [...view({ ...report, findings } as Report, { ...PLAIN, verbose: true })].join('\n');
    const found = [...written.matchAll(label)].map(([, said = '']) => said.toLowerCase());
    expect(found.length).toBeGreaterThan(0);
    expect(new Set(found)).toEqual(new Set([expected.toLowerCase()]));
  }
});
