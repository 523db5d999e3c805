import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type Anonymity, Anonymizer } from '../../src/anonymize/anonymizer.js';
import { Capture } from '../../src/capture/capture.js';
import { fileSource } from '../../src/capture/source.js';
import { changesBetween } from '../../src/changes.js';
import { FORMATS } from '../../src/cli/formats.js';
import { analyze } from '../../src/index.js';
import { listFlags } from '../../src/listings/flags.js';
import { censusText, netstatText } from '../../src/listings/netstat/text.js';
import { listCensus, listNetstat } from '../../src/listings/netstat.js';
import { listStates } from '../../src/listings/states.js';
import { changesText } from '../../src/views/changes.js';
import { recordings } from '../recordings.js';
import { reportOn } from '../reports.js';
import { PLAIN } from '../views/view-options.js';
import { originalsOf, shown } from './originals.js';

const KEY = Buffer.from('a key that is for this test only');
const folder = mkdtempSync(join(tmpdir(), 'tcpexplain-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Everything that is made of a capture, by format. */
async function outputs(path: string, anonymity: Anonymity): Promise<Map<string, string>> {
  const anonymizer = new Anonymizer(anonymity, KEY);
  const report = await analyze(path, { anonymizer, all: true, graphs: true });
  const texts = new Map(Object.entries(FORMATS).map(([format, { view }]) => [format, [...view(report, PLAIN)].join('\n')]));
  const capture = (): Capture => new Capture([() => fileSource(path, 'capture 1')], { isAnonymous: true });
  texts.set('states', JSON.stringify([...(await listStates(capture(), { anonymizer }))]));
  const sockets = await listNetstat(capture(), undefined, { anonymizer });
  texts.set('netstat', [JSON.stringify(sockets), ...netstatText(sockets, 100)].join('\n'));
  texts.set('netstat over time', [...censusText(await listCensus(capture(), 1e9, { anonymizer }))].join('\n'));
  const changes = changesBetween({ ...report, findings: [], flows: [] }, report);
  texts.set('diff', [JSON.stringify(changes), ...changesText(changes, PLAIN)].join('\n'));
  texts.set('flags', JSON.stringify([...(await listFlags(capture(), { anonymizer }))]));
  return texts;
}

const captures = recordings().flatMap(({ folder: home, captures: files }) => files.map((file) => join(home, file)));

describe('no output shows an address, a name or a date of the capture', () => {
  test.each(['consistent', 'prefix'] as const)(
    '%s, of every recording',
    async (anonymity) => {
      for (const path of captures) {
        const originals = [...(await originalsOf(path)), basename(path), dirname(path)];
        for (const [format, text] of await outputs(path, anonymity)) expect(shown(originals, text), `${path} as ${format}`).toEqual([]);
      }
    },
    300_000,
  );

  test('what is looked for is found in a report that hides nothing', async () => {
    for (const path of captures.slice(0, 40)) {
      const report = await analyze(path, { all: true });
      const text = [...(FORMATS.json as (typeof FORMATS)[string]).view(report, PLAIN)].join('\n');
      const found = shown([...(await originalsOf(path)), basename(path)], text);
      expect(found.length, path).toBeGreaterThanOrEqual(3); // an address, the name, the date
    }
  });

  test('nor a comment, a host name or an interface of a pcapng file', async () => {
    const path = join(folder, 'secret-project.pcapng');
    writeFileSync(path, pcapng('the comment', 'the-interface', 'the-host.example'));
    for (const [format, text] of await outputs(path, 'consistent'))
      for (const secret of ['the comment', 'the-interface', 'the-host', 'secret-project', 'whoever wrote it'])
        expect(text, format).not.toContain(secret);
  });
});

describe('reports under one key match', () => {
  test('what was captured at both ends gets the same addresses', async () => {
    const { folder: home } = recordings().find(({ name }) => name === 'handshake/final-ack-reset-because-accept-queue-full') as { folder: string };
    const hostsOf = async (file: string): Promise<string[]> =>
      (await analyze(join(home, file), { anonymizer: new Anonymizer('prefix', KEY), all: true })).hosts.map(({ address }) => address);
    expect(await hostsOf('client.pcap')).toEqual(await hostsOf('server.pcap'));
    expect((await hostsOf('client.pcap')).length).toBeGreaterThan(1);
  });

  test('and whatever is found without a disguise is found with one', async () => {
    for (const path of captures.filter((_, i) => i % 5 === 0)) {
      const [open, disguised] = [await reportOn(path), await analyze(path, { anonymizer: new Anonymizer('consistent', KEY) })];
      const told = ({ findings }: typeof open): unknown =>
        findings.map(({ pattern, side, streams, frames, suspects }) => [
          pattern,
          side,
          streams,
          frames,
          suspects.map(({ cause, certainty }) => [cause, certainty]),
        ]);
      expect(told(disguised), path).toEqual(told(open));
    }
  });
});

/** A file with one SYN, and names and comments wherever the format has room for them. */
function pcapng(comment: string, device: string, host: string): Buffer {
  const u32 = (...values: number[]): Buffer => Buffer.from(new Uint32Array(values).buffer);
  const padded = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
  const option = (code: number, text: string): Buffer =>
    Buffer.concat([Buffer.from(new Uint16Array([code, text.length]).buffer), padded(Buffer.from(text))]);
  const block = (type: number, ...body: Buffer[]): Buffer => {
    const content = Buffer.concat(body);
    return Buffer.concat([u32(type, content.length + 12), content, u32(content.length + 12)]);
  };
  const syn = Buffer.from('450000280001000040060000c0000201c63364029c400050000000010000000050020400000000000', 'hex');
  const name = Buffer.concat([Buffer.from([1, 0, 4 + host.length + 1, 0, 192, 0, 2, 1]), Buffer.from(`${host}\0`)]);
  return Buffer.concat([
    block(0x0a0d0d0a, u32(0x1a2b3c4d, 1, 0xffffffff, 0xffffffff), option(1, comment), option(4, 'whoever wrote it')),
    block(1, u32(101, 0), option(1, comment), option(2, device)),
    block(4, padded(name), u32(0)),
    block(6, u32(0, 0, 1, syn.length, syn.length), padded(syn), option(1, comment)),
  ]);
}
