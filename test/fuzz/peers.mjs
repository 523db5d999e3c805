// npm run fuzz:peers -- [capture...]: the same damaged captures for tcpexplain, tshark, tcpdump and tcptrace, as a table for the front page.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');
const HANG = 20_000;
const RANDOM = [...Array.from({ length: 12 }, (_, seed) => ['0.02', seed]), ...Array.from({ length: 4 }, (_, seed) => ['0.10', seed])];

/** How each tool is called, and which exit codes or words say that the input is damaged. */
const TOOLS = {
  tcpexplain: { run: [process.execPath, join(ROOT, 'dist', 'cli.js'), '-F', 'json'], codes: [2, 3] },
  tshark: { run: ['tshark', '-n', '-r'], codes: [1, 2] },
  tcpdump: { run: ['tcpdump', '-n', '-r'], codes: [1] },
  tcptrace: { run: ['tcptrace', '-n', '-l'], codes: [1], words: /truncated|bad|short|corrupt/i },
};

/** A capture cut, lengthened or rearranged in sixteen ways that tell nothing about the packets in it. */
function structural(file) {
  const half = file.length >> 1;
  const field = (at, value) => {
    const changed = Buffer.from(file);
    changed.writeUInt32LE(value >>> 0, at);
    return changed;
  };
  const second = 24 + 16 + file.readUInt32LE(32);
  return {
    empty: Buffer.alloc(0),
    'ten bytes': file.subarray(0, 10),
    'header only': file.subarray(0, 24),
    'cut in a record header': file.subarray(0, second + 7),
    'cut in a record': file.subarray(0, file.length - 5),
    'half of it': file.subarray(0, half),
    twice: Buffer.concat([file, file]),
    'garbage inside': Buffer.concat([file.subarray(0, second), Buffer.alloc(64, 0xff), file.subarray(second)]),
    'zeros inside': Buffer.concat([file.subarray(0, second), Buffer.alloc(64), file.subarray(second)]),
    'captured length 2^31 - 1': field(second + 8, 0x7fffffff),
    'captured length 2^32 - 1': field(second + 8, 0xffffffff),
    'captured length 262145': field(second + 8, 262145),
    'original length 0': field(second + 12, 0),
    'snaplen 0': field(16, 0),
    'link type 65535': field(20, 0xffff),
    'version 543': field(4, 543),
  };
}

function bases() {
  const named = process.argv.slice(2);
  if (named.length > 0) return named;
  const captures = join(ROOT, 'captures');
  return ['capture', 'closing', 'handshake', 'path', 'transfer'].flatMap((topic) =>
    readdirSync(join(captures, topic)).sort().slice(0, 2).map((plot) => join(captures, topic, plot, 'client.pcap')),
  );
}

const folder = mkdtempSync(join(tmpdir(), 'tcpexplain-peers-'));
const damaged = [];
for (const base of bases()) {
  for (const [rate, seed] of RANDOM) {
    const path = join(folder, `${damaged.length}-${basename(base)}`);
    execFileSync('editcap', ['--seed', String(seed), '-E', String(rate), '-F', 'pcap', base, path], { stdio: 'ignore' });
    damaged.push({ path, kind: 'random' });
  }
  for (const content of Object.values(structural(readFileSync(base)))) {
    const path = join(folder, `${damaged.length}-${basename(base)}`);
    writeFileSync(path, content);
    damaged.push({ path, kind: 'structural' });
  }
}

const rows = Object.entries(TOOLS).map(([name, { run: [program, ...args], codes, words }]) => {
  const row = { name, random: 0, structural: 0, hangs: 0, noticed: new Set(), milliseconds: 0, missing: false };
  for (const [i, { path, kind }] of damaged.entries()) {
    const began = performance.now();
    const { status, signal, error, stderr, stdout } = spawnSync(program, [...args, path], { timeout: HANG, maxBuffer: 1 << 28, encoding: 'latin1' });
    row.milliseconds += performance.now() - began;
    if (error?.code === 'ENOENT') return { ...row, missing: true };
    if (error?.code === 'ETIMEDOUT') row.hangs++;
    else if (signal !== null || /\n {4}at /.test(stderr)) row[kind]++;
    if (codes.includes(status) || words?.test(stdout + stderr)) row.noticed.add(i);
  }
  return row;
});
rmSync(folder, { recursive: true });

const count = (kind) => damaged.filter((one) => one.kind === kind).length;
console.log(`| tool | crashes, random bytes (${count('random')}) | crashes, structure (${count('structural')}) | hangs above 20 s | damage noticed | mean ms |`);
console.log('|---|---|---|---|---|---|');
for (const { name, random, structural: crashed, hangs, noticed, milliseconds, missing } of rows) {
  if (missing) console.log(`| ${name} | not installed | | | | |`);
  else console.log(`| ${name} | ${random} | ${crashed} | ${hangs} | ${noticed.size} | ${Math.round(milliseconds / damaged.length)} |`);
}
const [own, ...others] = rows.filter(({ missing }) => !missing);
for (const { name, noticed } of others) {
  const unnoticed = [...noticed].filter((i) => !own.noticed.has(i)).length;
  console.log(`\nNoticed by ${name} and not by tcpexplain: ${unnoticed}`);
}
