import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Ran, ROOT, runIn } from '../cli/run.js';

const CAPTURE = join(ROOT, 'captures', 'handshake', 'final-ack-reset-because-accept-queue-full', 'server.pcap');
const folder = mkdtempSync(join(tmpdir(), 'tcpexplain-'));
afterAll(() => rmSync(folder, { recursive: true }));

let lines: string[] = [];
let alone: Ran;
beforeAll(async () => {
  await runIn(folder, ['--shard', '1/1', '-o', 'part', CAPTURE]);
  lines = readFileSync(join(folder, 'part'), 'utf8').trimEnd().split('\n');
  alone = await runIn(folder, [CAPTURE]);
});

async function merged(content: string | Buffer, ...args: string[]): Promise<Ran> {
  writeFileSync(join(folder, 'it'), content);
  return runIn(folder, ['merge', ...args, 'it']);
}

const NO_PART = 'it is no part of a report: "tcpexplain --shard 1/4 -o FILE CAPTURE" makes one';
const [DAMAGED, CUT] = ['it is damaged: make it again', 'it is cut off: make it again'];

/** With something else in the first line. */
function labelled(change: object): string {
  return [JSON.stringify({ ...JSON.parse(lines[0] as string), ...change }), ...lines.slice(1)].join('\n');
}

/** With something else instead of what was read. */
function holding(data: Buffer): string {
  const packed = gzipSync(data).toString('base64');
  const pieces = packed.match(/.{1,65536}/g) ?? [];
  return [lines[0], ...pieces.map((piece) => `"${piece}"`), '"end"', ''].join('\n');
}

interface Packed {
  root: Record<'capture' | 'followed' | 'gathered', Record<string, unknown>>;
  classes: [name: string, objects: object[]][];
}

/** With what was read, after something was done to it. */
function forged(change: (packed: Packed) => void): string {
  const packed = Buffer.from(
    lines
      .slice(1, -1)
      .map((line) => line.slice(1, -1))
      .join(''),
    'base64',
  );
  const graph = deserialize(gunzipSync(packed)) as Packed;
  change(graph);
  return holding(serialize(graph));
}

describe('a part that another system has touched is read all the same', () => {
  test.each<[string, () => string]>([
    ['the ends of its lines', () => `${lines.join('\r\n')}\r\n`],
    ['a byte order mark', () => `\ufeff${lines.join('\n')}\n`],
    ['no end of the last line', () => lines.join('\n')],
    ['an empty line behind it', () => `${lines.join('\n')}\n\n`],
  ])('%s', async (_, content) => {
    expect(await merged(content())).toEqual(alone);
  });
});

describe('what is no whole part is refused in one line', () => {
  test.each<[string, () => string | Buffer, string]>([
    ['nothing', () => '', NO_PART],
    ['a capture', () => readFileSync(CAPTURE), NO_PART],
    ['UTF-16', () => Buffer.from(lines.join('\n'), 'utf16le'), NO_PART],
    ['JSON of its own', () => '{"part":1,"__proto__":{"polluted":1}}\n"end"\n', NO_PART],
    ['a label that is no object', () => '{"part":1,', NO_PART],
    ['a shard by the name of a number', () => labelled({ shard: '1' }), NO_PART],
    ['shard 0', () => labelled({ shard: 0 }), NO_PART],
    ['shard 2 of 1', () => labelled({ shard: 2 }), NO_PART],
    ['four thousand million shards', () => labelled({ of: 2 ** 32 - 1 }), NO_PART],
    [
      '99,999 shards, all but one missing',
      () => labelled({ of: 99_999 }),
      'shards 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 99988 more of 99999 are missing',
    ],
    ['no options', () => labelled({ options: null }), NO_PART],
    [
      'another version, whose name would clear the screen',
      () => labelled({ tool: '9\u001b[2J' }),
      'it was made by tcpexplain 9\\u{1b}[2J, and this is 0.1.0: make and merge all parts with the same',
    ],
    ['the label alone', () => `${lines[0]}\n`, CUT],
    ['all but the last line', () => lines.slice(0, -1).join('\n'), CUT],
    ['the label and the end', () => `${lines[0]}\n"end"\n`, DAMAGED],
    ['two parts, one behind the other', () => [...lines, ...lines].join('\n'), DAMAGED],
    ['other bytes', () => `${lines[0]}\n"AAAA"\n"end"\n`, DAMAGED],
    ['bytes that are no data', () => holding(Buffer.from('neither this nor that')), DAMAGED],
    ['data that nobody has read', () => holding(serialize({ root: { capture: {} }, classes: [] })), DAMAGED],
    ['null', () => holding(serialize(null)), DAMAGED],
    ['text for numbers', () => forged(({ root }) => Object.assign(root.followed, { packets: ['a', 'b'] })), DAMAGED],
    ['text for a time', () => forged(({ root }) => Object.assign(root.followed, { firstTime: '0' })), DAMAGED],
    ['a list of files that is none', () => forged(({ root }) => Object.assign(root.capture, { files: { length: 1e9 } })), DAMAGED],
    ['ten million times nothing', () => forged(({ root }) => Object.assign(root.capture, { damage: new Array(1e7).fill(null) })), DAMAGED],
    ['ten million times the same', () => forged(({ root }) => Object.assign(root.capture, { damage: new Array(1e7).fill(0) })), DAMAGED],
    ['a class of its own', () => forged(({ classes }) => classes.push(['Evil', [{}]])), DAMAGED],
    ['a class that every object has', () => forged(({ classes }) => classes.push(['__proto__', [{}]], ['constructor', [{}]])), DAMAGED],
  ])('%s', async (_, content, said) => {
    expect(await merged(content())).toEqual({ code: 2, out: '', err: `tcpexplain: ${said}\n` });
  });

  test('a small part that unpacks to a gigabyte', async () => {
    const bomb = holding(Buffer.alloc(2 ** 30));
    expect(bomb.length).toBeLessThan(1.5e6);
    expect(await merged(bomb)).toEqual({ code: 2, out: '', err: `tcpexplain: ${DAMAGED}\n` });
  });

  test('a line of a gigabyte, of which no more is read than a line may have', async () => {
    writeFileSync(join(folder, 'it'), '');
    truncateSync(join(folder, 'it'), 1e9);
    const said = 'it has a line of more than 65538 bytes: it is something else';
    expect(await runIn(folder, ['merge', 'it'])).toEqual({ code: 2, out: '', err: `tcpexplain: ${said}\n` });
  });

  test.each([
    ['/dev/zero', '/dev/zero has a line of more than 65538 bytes: it is something else'],
    ['/dev/null', NO_PART.replace('it', 'null')],
    ['.', '.: it is a directory'],
    ['nowhere', 'nowhere: there is no such file'],
  ])('%s', async (path, said) => {
    expect(await runIn(folder, ['merge', path])).toEqual({ code: 2, out: '', err: `tcpexplain: ${said}\n` });
  });
});

describe('a part that somebody forged', () => {
  /** An object that has the key itself, as JSON.parse and structured clones make it. */
  const polluting = JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"toString":3}') as object;

  test.each(['text', 'json', 'markdown', 'csv', 'sarif', 'junit', 'ndjson'])(
    'with keys that every object has changes nothing as %s',
    async (format) => {
      const forgery = forged(({ root }) => {
        for (const object of [root, root.capture, root.followed, root.gathered]) {
          for (const [key, value] of Object.entries(polluting)) Object.defineProperty(object, key, { value, enumerable: true });
        }
      });
      const { out, err } = await merged(forgery, '-F', format);
      expect(err).toMatch(/^$|^tcpexplain: .*: make (it|the parts|them) again\n$/);
      expect(out).not.toMatch(/polluted|\[object/);
    },
  );

  test.each<[string, (packed: Packed) => void]>([
    ['without what was gathered', ({ root }) => Object.assign(root.gathered, { outcomes: undefined, kept: undefined })],
    ['with a flow of nothing', ({ root }) => Object.assign(root.gathered, { everything: [null, 1, {}] })],
  ])('%s is refused in one line, or told as far as it can be', async (_, change) => {
    const { code, err } = await merged(forged(change));
    expect(code).toBe(2);
    expect(err).toMatch(/^tcpexplain: the parts hold what no shard writes \(\w+Error: .*\): make them again\n$/);
  });

  test('with names that would speak to the terminal stays silent', async () => {
    const name = '\u001b[2J\u001b]0;owned\u0007\u009b31m\u202egnp';
    const { code, out, err } = await merged(forged(({ root }) => Object.assign((root.capture.files as object[])[0] as object, { name })));
    expect(code).toBe(0);
    expect(out).toContain('\\u{1b}[2J');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(out + err).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  });
});
