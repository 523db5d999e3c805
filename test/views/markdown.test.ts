import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../src/report.js';
import { markdown } from '../../src/views/markdown.js';
import { type Reported, reportsOfRecordings } from '../reports.js';
import { comparisonWith, PAYLOADS, reportWith } from './payloads.js';
import { PLAIN } from './view-options.js';

/** As generous as a ticket system can be: HTML is let through, and what looks like an address becomes a link. */
const renderer = new MarkdownIt({ html: true, linkify: true });
renderer.linkify.set({ fuzzyLink: false }); // nobody takes every word with a dot for an address

function text(report: Report, limit?: number): string {
  return [...markdown(report, { ...PLAIN, ...(limit && { limit }) })].join('\n');
}

/** What a reader sees as text, outside of code. */
function prose(html: string): string {
  return html
    .replace(/<code>[\s\S]*?<\/code>/g, '')
    .replace(/<[^>]+>/g, '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&');
}

let reports: Reported[] = [];
beforeAll(async () => {
  reports = await reportsOfRecordings();
}, 300_000);

describe('nothing of a capture means anything in a ticket', () => {
  test.each(PAYLOADS)('%s', (_, payload) => meansNothing(payload));

  test('whatever its signs are put together to', () => {
    const signs = '[ ] ( ) ! ` `` | @ a # 1 http :// ftp: < > script * _ ** ~~ \\ - + 1. www. GH- &amp; & { } " x.example 0123abc $ % ~ ^ : /'.split(
      ' ',
    );
    const payload = fc.array(fc.constantFrom(...signs, ' ', '\n', '\r\n', '\t', '\u202e', '\u2060'), { maxLength: 12 }).map((all) => all.join(''));
    fc.assert(fc.property(payload, meansNothing), { numRuns: 300 });
  });

  function meansNothing(payload: string): void {
    const [html, compared] = [reportWith(payload), comparisonWith(payload)].map((report) => renderer.render(text(report, 1e6))) as [string, string];
    expect((html + compared).match(/<(a|img|script|del|em|blockquote|pre|hr|h[3-6])\b/g) ?? []).toEqual([]);
    expect(html.match(/<h[12]>/g)).toHaveLength(4);
    expect(compared.match(/<h[12]>/g)).toHaveLength(5);
    expect(html.match(/<strong>/g)).toHaveLength(3);
    const read = prose(html + compared);
    expect(read).not.toMatch(/@\w/);
    expect(read).not.toMatch(/[#!$%~&]\w/);
    expect(read).not.toMatch(/\b[A-Z]{2,}-\d/);
    expect(read).not.toMatch(/:\/\/|www\./);
  }

  test.each(PAYLOADS)('tables keep their columns with %s', (_, payload) => {
    const html = renderer.render(text(comparisonWith(payload), 1e6));
    const rows = [...html.matchAll(/<tr>([\s\S]*?)<\/tr>/g)].map(([, row = '']) => row.match(/<t[hd]/g)?.length);
    expect(rows).toEqual([7, 7, 5, 5]);
  });
});

test('when it began stands first, and of a capture without a finding that there is none', () => {
  const healthy = reports.find(({ report: { findings } }) => findings.length === 0)?.report as Report;
  expect(text(healthy)).toMatch(/^- Capture: .* s from 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6} UTC, /m);
  expect(text(healthy)).toMatch(/\n\nNothing went wrong in these conversations, as far as the capture shows\.$/);
  expect(text({ ...healthy, leftOut: [{ by: 'only', what: 'findings', count: 1 }] })).not.toContain('Nothing went wrong');
  expect(text({ ...healthy, capture: { ...healthy.capture, start: '' } })).toMatch(/^- Capture: .* s, \d/m);
});

describe('what was said is not said again', () => {
  const reportOf = (recording: string): Report => reports.find(({ name }) => name === recording)?.report as Report;

  test('neither the states of a conversation nor the advice on a cause', () => {
    const report = reportOf('path/large-segments-lost-because-icmp-is-filtered/client.pcap');
    const written = text(report);
    expect(report.findings.map(({ suspects: [first] }) => first?.cause)).toEqual(Array(3).fill('pmtu-blackhole'));
    expect(written.match(/^\| 0\.000000 \|/gm)).toHaveLength(1);
    expect(written.match(/^- confirm: `tracepath/gm)).toHaveLength(1);
    expect(written.match(/^The states of .*: as above\.$/gm)).toHaveLength(2);
    expect(written.match(/^- confirm, change, leave alone: as above$/gm)).toHaveLength(2);
  });

  test('unless the commands are for another port', () => {
    const report = reportOf('path/large-segments-lost-because-icmp-is-filtered/client.pcap');
    const [first] = report.findings as [Report['findings'][0]];
    const [flow] = report.flows as [Report['flows'][0]];
    const other = { ...flow, stream: 1, server: '10.59.2.2:5001' };
    const findings = [first, { ...first, streams: [1], filter: 'tcp.stream eq 1' }];
    const cause = { ...first.suspects[0], cause: 'port-closed-rst' } as (typeof first.suspects)[0];
    const written = text({ ...report, flows: [flow, other], findings: findings.map((finding) => ({ ...finding, suspects: [cause] })) });
    expect(written).toContain("`ss -ltnp 'sport = :5000'`");
    expect(written).toContain("`ss -ltnp 'sport = :5001'`");
  });
});

describe('it fits a ticket', () => {
  test('every recording does', () => {
    for (const { name, report } of reports) expect(text(report).length, name).toBeLessThanOrEqual(30_000);
  });

  const long = (): Report => {
    const [{ report }] = reports.toSorted((a, b) => b.report.findings.length - a.report.findings.length) as [Reported];
    const severities = ['failure', 'warning', 'note'] as const;
    const findings = severities.flatMap((severity) =>
      Array.from({ length: 40 }, () => ({ ...(report.findings[0] as (typeof report.findings)[0]), severity })),
    );
    return { ...report, findings };
  };

  test('within any limit, and the summary and what was left out stay', () => {
    for (const limit of [2000, 5000, 12_345, 30_000, 100_000]) {
      const written = text(long(), limit);
      expect(written.length).toBeLessThanOrEqual(limit);
      expect(written).toContain('- Found: 40 failures, 40 warnings, 40 notes');
      expect(written).toContain(`Left out to stay within ${limit} characters: the state tables`);
    }
  });

  test('notes go first, then warnings, then all but the worst', () => {
    const shown = (limit: number): string[] => [...text(long(), limit).matchAll(/^## (\w+):/gm)].map(([, severity = '']) => severity);
    const some = shown(100_000);
    const fewer = shown(30_000);
    expect(some.length).toBeGreaterThan(fewer.length);
    expect(fewer).toEqual(some.slice(0, fewer.length));
    expect(new Set(shown(12_000))).toEqual(new Set(['failure']));
  });

  test('what is shown and what is left out are all there is', () => {
    const written = text(long(), 100_000);
    const shown = written.match(/^## /gm)?.length ?? 0;
    const omitted = [...(written.split('Left out')[1]?.matchAll(/(\d+) (?:failure|warning|note)/g) ?? [])].reduce(
      (sum, [, count]) => sum + Number(count),
      0,
    );
    expect(shown + omitted).toBe(120);
  });

  test('state tables go before any finding', () => {
    const report = { ...long(), findings: long().findings.slice(0, 4) };
    const whole = text(report, 1e6);
    expect(whole).toContain('|--:|');
    const shorter = text(report, whole.length - 10);
    expect(shorter).not.toContain('|--:|');
    expect(shorter).not.toMatch(/\b(PORT|SERVER)\b/); // its commands are as ready as before
    expect(shorter.match(/^## /gm)).toHaveLength(4);
  });
});
