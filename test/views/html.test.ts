import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { analyze } from '../../src/analyze.js';
import { html, verbatim } from '../../src/views/html/markup.js';
import { captureOf } from '../bytes.js';
import { capture } from '../transcript.js';
import { longTransfer } from './long-transfer.js';
import { pageOf, reportOf, SHOWN, withTexts } from './reports.js';

/** What could break out of a text, an attribute, a comment, a script or a style. */
const PAYLOADS = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '" style="position:fixed" x="',
  '</style><script>alert(1)</script>',
  '</script><script>alert(1)</script>',
  '</title><svg/onload=alert(1)>',
  '<!-- -->',
  ']]><x>',
  '&lt;script&gt;',
  '`$' + '{alert(1)}`',
  'javascript:alert(1)',
  '\u202egnp.exe\u0000\u001b[31m',
];

/** Tags with the names of their attributes, in their order: what the browser makes elements of. */
function skeleton(page: string): string[] {
  return [...page.matchAll(/<(\/?[a-zA-Z!][^\s>]*)((?:\s+[a-zA-Z-]+(?:="[^"]*")?)*)\s*\/?>/g)].map(
    ([, tag, attributes = '']) => `${tag} ${[...attributes.matchAll(/([a-zA-Z-]+)(?:=|\s|$)(?:"[^"]*")?/g)].map(([, name]) => name).join(' ')}`,
  );
}

describe('nothing from a capture, a file name or a catalogue becomes markup', () => {
  test.each(PAYLOADS)('%j', async (payload) => {
    const report = await reportOf(SHOWN[0] as string);
    const tame = payload.replace(/[^\w ]/g, 'x');
    const page = pageOf(withTexts(report, (text) => `${text}${payload}`));
    expect(skeleton(page)).toEqual(skeleton(pageOf(withTexts(report, (text) => `${text}${tame}`))));
    expect(page.split('<').length).toBe(pageOf(withTexts(report, (text) => `${text}${tame}`)).split('<').length);
    expect(page).not.toContain('\u202e');
    expect(page).not.toContain('\u0000');
  });

  test('a hole is escaped unless it is markup already', () => {
    expect(html`<p title="${'"><b>'}">${['<i>', html`<b>${'&'}</b>`, 3, null, undefined, false]}</p>`.text).toBe(
      '<p title="&#34;&#62;&#60;b&#62;">&#60;i&#62;<b>&#38;</b>3</p>',
    );
    expect(html`${verbatim('<b>')}`.text).toBe('<b>');
  });
});

describe('the policy of the page', () => {
  test('allows its own style and script by their hashes, and nothing else', async () => {
    const page = pageOf(await reportOf(SHOWN[0] as string));
    const policy = /Content-Security-Policy" content="([^"]+)"/.exec(page)?.[1] ?? '';
    const hashOf = (text = ''): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `style-src ${hashOf(/<style>([\s\S]*?)<\/style>/.exec(page)?.[1])}`,
      `script-src ${hashOf(/<script>([\s\S]*?)<\/script>/.exec(page)?.[1])}`,
      "base-uri 'none'",
      "form-action 'none'",
    ]);
  });

  test.each(SHOWN)('%s: no style attribute, no event attribute, nothing loaded', async (recording) => {
    const tags = skeleton(pageOf(await reportOf(recording)));
    expect(tags.filter((tag) => / (style|on\w+|src|srcset|action|formaction)( |$)/.test(tag))).toEqual([]);
    expect(tags.filter((tag) => /^(link|img|iframe|object|embed|base|form) /.test(tag))).toEqual([]);
    expect(tags.length).toBeGreaterThan(100);
  });
});

describe('anchors', () => {
  test.each(SHOWN)('%s: every id is there once, every link leads to one, every finding and conversation has one', async (recording) => {
    const report = await reportOf(recording);
    const page = pageOf(report);
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    const links = [...page.matchAll(/ href="([^"]+)"/g)].map(([, href = '']) => href);
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
    expect(links.filter((link) => !link.startsWith('#') || !ids.includes(link.slice(1)))).toEqual([]);
    const expected = [...report.findings.map((_, i) => `f${i + 1}`), ...report.flows.map(({ stream }) => `c${stream}`)];
    expect(expected.filter((id) => !ids.includes(id))).toEqual([]);
  });
});

describe('a conversation of 100,000 packets', async () => {
  const { file, packets, resent } = longTransfer(3312);
  const report = await analyze(captureOf(file), { graphs: true });
  const page = pageOf(report);

  test('makes a page below five megabytes', () => {
    expect(packets).toBeGreaterThan(100_000);
    expect(page.length).toBeLessThan(5e6);
  });

  test('shows every segment that was sent again, and every noted moment of a frame of a finding', () => {
    const points = new Set(report.flows[0]?.graph?.points.map(({ frame }) => frame));
    expect(resent.filter((frame) => !points.has(frame))).toEqual([]);
    const cited = report.findings.flatMap(({ frames }) => frames);
    expect(cited.length).toBeGreaterThan(50);
    expect(cited.filter((frame) => !points.has(frame))).toEqual([]);
  });

  test('says that it shows an outline', () => {
    expect(page).toMatch(/An outline of 10\d,\d{3} segments/);
  });

  test('has the same sums as the whole: bytes sent and acknowledged', () => {
    const points = report.flows[0]?.graph?.points ?? [];
    expect(Math.max(...points.map(({ carried }) => carried))).toBe(report.flows[0]?.sent.client.bytes);
    expect(Math.max(...points.map(({ ack }) => ack ?? 0))).toBe(3312 * 2000 + 1);
  });
});

test('nothing is gathered for graphs unless it is asked for', async () => {
  const { file } = capture('0.0 > S 0:0(0) win 64240\n0.1 < R. 0:0(0) ack 1 win 0');
  const report = await analyze(captureOf(file));
  expect([report.graphs, ...report.flows.map(({ graph }) => graph)]).toEqual([undefined, undefined]);
});
