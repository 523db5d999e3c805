import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TAG } from '../../src/shards/graph/format.js';
import { pack } from '../../src/shards/graph/pack.js';
import { unpack } from '../../src/shards/graph/unpack.js';
import { CLI, type Ran, ROOT, runIn } from '../cli/run.js';

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

type Made = Record<'capture' | 'followed' | 'gathered', Record<string, unknown>>;

/** With what was read, after something was done to it. */
function forged(change: (made: Made) => void): string {
  const packed = lines.slice(1, -1).map((line) => line.slice(1, -1));
  const made = unpack(gunzipSync(Buffer.from(packed.join(''), 'base64')), Number.POSITIVE_INFINITY) as Made;
  change(made);
  return holding(pack(made));
}

/** One that was kept. */
function anyFlow(gathered: Made['gathered']): unknown {
  return (gathered as { flows: unknown[] }).flows[0];
}

/** Ten thousand times the same. */
function repeated(what: string): object[] {
  return Array.from({ length: 1e4 }, () => ({ file: 'it', what }));
}

/** With a list of so many times the same bytes. */
function manyTimes(count: number, ...bytes: readonly number[]): string {
  const length = [0, 7, 14, 21, 28].map((shift) => ((count >>> shift) & 127) | (shift < 28 ? 128 : 0));
  return holding(Buffer.concat([Buffer.from([TAG.list, ...length]), Buffer.alloc(count * bytes.length, Buffer.from(bytes))]));
}

/** With an object of that class. */
function ofClass(name: string): Buffer {
  return Buffer.from([TAG.object, 0, 0, name.length * 2, ...Buffer.from(name, 'utf16le'), 0]);
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
    ['data that nobody has read', () => holding(pack({ capture: {} })), DAMAGED],
    ['null', () => holding(pack(null)), DAMAGED],
    ['text for numbers', () => forged((made) => Object.assign(made.followed, { packets: ['a', 'b'] })), DAMAGED],
    ['text for a time', () => forged((made) => Object.assign(made.followed, { firstTime: '0' })), DAMAGED],
    ['a list of files that is none', () => forged((made) => Object.assign(made.capture, { files: { length: 1e9 } })), DAMAGED],
    ['ten million times nothing', () => forged((made) => Object.assign(made.capture, { damage: new Array(1e7).fill(null) })), DAMAGED],
    ['ten million times the same', () => forged((made) => Object.assign(made.capture, { damage: new Array(1e7).fill(0) })), DAMAGED],
    ['the same long text, time and again', () => forged((made) => Object.assign(made.capture, { damage: repeated('text '.repeat(6000)) })), DAMAGED],
    ['a text of a megabyte', () => forged((made) => Object.assign(made.capture, { damage: repeated('x'.repeat(1e6)) })), DAMAGED],
    ['a class of its own', () => holding(ofClass('Evil')), DAMAGED],
    ['the class that every object has', () => holding(ofClass('constructor')), DAMAGED],
    ['an object of a class with nothing in it', () => holding(ofClass('Gathering')), DAMAGED],
    ['more behind what was read', () => holding(Buffer.concat([pack({}), pack({})])), DAMAGED],
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

describe('a small part that would take gigabytes is refused before it does', () => {
  /** In a process that ends with a crash when its objects take more. */
  function mergedWithin(mebibytes: number, content: string): Ran {
    writeFileSync(join(folder, 'it'), content);
    const { status, stdout, stderr } = spawnSync(process.execPath, [`--max-old-space-size=${mebibytes}`, CLI, 'merge', 'it'], {
      cwd: folder,
      encoding: 'utf8',
    });
    return { code: status, out: stdout, err: stderr };
  }

  const shape = [TAG.object, 0, 0, 0, 0];
  test.each<[string, () => string]>([
    ['a list that claims four thousand million values', () => holding(Buffer.from([TAG.list, 255, 255, 255, 255, 15]))],
    ['a typed array that claims as many', () => holding(Buffer.from([TAG.view, 3, 16, 255, 255, 255, 255, 15]))],
    ['lists in lists without an end', () => holding(Buffer.alloc(2e7, Buffer.from([TAG.list, 1])))],
    ['sixty million times nothing', () => manyTimes(6e7, TAG.undefined)],
    ['six million empty lists', () => manyTimes(6e6, TAG.list, 0)],
    ['six million empty tables', () => manyTimes(6e6, TAG.map, 0)],
    ['six million empty sets', () => manyTimes(6e6, TAG.set, 0)],
    ['six million empty typed arrays', () => manyTimes(6e6, TAG.view, 0, 0, 0)],
    ['six million fractions', () => manyTimes(6e6, TAG.double, 1, 2, 3, 4, 5, 6, 7, 8)],
    ['six million objects without a field', () => manyTimes(6e6, ...shape)],
  ])('%s', (_, content) => {
    const forgery = content();
    expect(forgery.length).toBeLessThan(1e6);
    expect(mergedWithin(200, forgery)).toEqual({ code: 2, out: '', err: `tcpexplain: ${DAMAGED}\n` });
  });

  test('what would be no more than it may take, but is more than there is, is told so', () => {
    const said = 'it takes more memory than there is: "NODE_OPTIONS=--max-old-space-size=MEBIBYTES tcpexplain merge ..." gives more';
    expect(mergedWithin(40, manyTimes(4e6, TAG.undefined))).toEqual({ code: 2, out: '', err: `tcpexplain: ${said}\n` });
    expect(mergedWithin(40, lines.join('\n'))).toEqual(alone);
  });
});

describe('a part that somebody forged', () => {
  /** An object that has the key itself, as JSON.parse makes it. */
  const polluting = JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"toString":3}') as object;

  test.each(['text', 'json', 'markdown', 'csv', 'sarif', 'junit', 'ndjson'])(
    'with keys that every object has changes nothing as %s',
    async (format) => {
      const forgery = forged((made) => {
        for (const object of [made, made.capture, made.followed, made.gathered]) {
          for (const [key, value] of Object.entries(polluting)) Object.defineProperty(object, key, { value, enumerable: true });
        }
      });
      const { out, err } = await merged(forgery, '-F', format);
      expect(err).toMatch(/^$|^tcpexplain: .*: make (it|the parts|them) again\n$/);
      expect(out).not.toMatch(/polluted|\[object/);
    },
  );

  test.each<[string, (made: Made) => void]>([
    ['without what was gathered', (made) => Object.assign(made.gathered, { outcomes: undefined, kept: undefined })],
    ['with a damage told a million times', (made) => Object.assign(made.capture, { damage: new Array(1e6).fill({ file: 'it', what: 'is cut' }) })],
    ['with a flow told a million times', ({ gathered }) => Object.assign(gathered, { everything: new Array(1e6).fill(anyFlow(gathered)) })],
    ['with a flow of nothing', (made) => Object.assign(made.gathered, { everything: [null, 1, {}] })],
  ])('%s is refused in one line, or told as far as it can be', async (_, change) => {
    const { code, err } = await merged(forged(change));
    expect(code).toBe(2);
    expect(err).toMatch(/^tcpexplain: the parts hold what no shard writes \(\w+Error: .*\): make them again\n$/);
  });

  test('with names that would speak to the terminal stays silent', async () => {
    const name = '\u001b[2J\u001b]0;owned\u0007\u009b31m\u202egnp';
    const { code, out, err } = await merged(forged((made) => Object.assign((made.capture.files as object[])[0] as object, { name })));
    expect(code).toBe(0);
    expect(out).toContain('\\u{1b}[2J');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(out + err).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  });
});
