import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { withSection } from '../readme/section.js';
import { inTurn, measure, median } from './measure.js';
import { MIXES, type Mix } from './traffic.js';
import { writeCapture } from './write.js';

const { values } = parseArgs({
  options: {
    /** 1: captures of the full size. */
    scale: { type: 'string', default: '0.1' },
    pairs: { type: 'string', default: '3' },
    /** Also write what is said into README. */
    update: { type: 'boolean', default: false },
  },
});
const scale = Number(values.scale);
const pairs = Number(values.pairs);

const cli = join(process.cwd(), 'dist/cli.js');
const OURS: readonly { name: string; command: (path: string) => string[] }[] = [
  { name: 'tcpexplain', command: (path) => [process.execPath, cli, path, '-q'] },
  { name: 'tcpexplain flags', command: (path) => [process.execPath, cli, 'flags', path] },
  { name: 'tcpexplain states', command: (path) => [process.execPath, cli, 'states', path] },
];
const PEERS: readonly { name: string; command: (path: string) => string[] }[] = [
  { name: 'tshark -Y tcp.analysis.flags', command: (path) => ['tshark', '-n', '-r', path, '-Y', 'tcp.analysis.flags'] },
  { name: 'tcptrace -l', command: (path) => ['tcptrace', '-l', '-n', path] },
  { name: 'argus', command: (path) => ['argus', '-r', path, '-w', '/dev/null'] },
  { name: 'capinfos -c', command: (path) => ['capinfos', '-c', path] },
  { name: 'tcpexplain --jobs 2', command: (path) => [process.execPath, cli, path, '-q', '--jobs', '2'] },
];
const BAR = 40;
const said: string[] = [];

const folder = mkdtempSync(join(tmpdir(), 'tcpexplain-bench-'));
try {
  compare();
  grow();
  if (values.update) writeFileSync('README.md', withSection(readFileSync('README.md', 'utf8'), 'bench', said.join('\n')));
} finally {
  rmSync(folder, { recursive: true });
}

function say(line = ''): void {
  said.push(line);
  process.stdout.write(`${line}\n`);
}

/** The medians of pairwise ratios: above 1, the peer takes more. */
function compare(): void {
  const sizes = MIXES.map((mix) => `${mix.name} ${millions(mix)} (${mix.about})`);
  say(
    `Millions of packets: ${sizes.join('; ')}. Whole processes in alternating pairs, ${pairs} of each, medians; a ratio above 1: the peer takes more.\n`,
  );
  say('| capture | ours | CPU s | peak MiB | peer | CPU ratio (least to most) | wall ratio | peer peak MiB |');
  say('|---|---|---|---|---|---|---|---|');
  for (const mix of MIXES) {
    const path = join(folder, `${mix.name}.pcap`);
    writeCapture(path, mix, mix.packets * scale);
    for (const [i, ours] of OURS.entries()) {
      for (const peer of i === 0 ? PEERS : PEERS.slice(0, 1)) {
        const taken = inTurn(ours.command(path), peer.command(path), pairs);
        if (taken.length === 0) say(`| ${mix.name} | ${ours.name} | | | ${peer.name}: not installed | | | |`);
        else say(`| ${[mix.name, ours.name, ...figures(taken, peer.name)].join(' | ')} |`);
      }
    }
    rmSync(path);
  }
}

function figures(taken: ReturnType<typeof inTurn>, peer: string): string[] {
  const ratios = taken.map(([ours, theirs]) => theirs.cpu / ours.cpu).toSorted((a, b) => a - b);
  return [
    median(taken.map(([ours]) => ours.cpu)).toFixed(2),
    median(taken.map(([ours]) => ours.peak)).toFixed(0),
    peer,
    `${median(ratios).toFixed(2)} (${ratios[0]?.toFixed(2)} to ${ratios.at(-1)?.toFixed(2)})`,
    median(taken.map(([ours, theirs]) => theirs.wall / ours.wall)).toFixed(2),
    median(taken.map(([, theirs]) => theirs.peak)).toFixed(0),
  ];
}

function millions({ packets }: Mix): string {
  return ((packets * scale) / 1e6).toString();
}

/** The memory curve: twice the packets again and again, in one transfer after another and in ever more conversations. */
function grow(): void {
  const peaks: { name: string; packets: number; cpu: number; peak: number }[] = [];
  for (const mix of MIXES) {
    for (const part of [1 / 8, 1 / 4, 1 / 2, 1]) {
      const path = join(folder, `${mix.name}.pcap`);
      const packets = mix.packets * scale * part;
      writeCapture(path, mix, packets);
      const taken = measure(OURS[0]?.command(path) ?? []);
      if (taken !== undefined) peaks.push({ name: mix.name, packets, ...taken });
      rmSync(path);
    }
  }
  const most = Math.max(...peaks.map(({ peak }) => peak));
  say('\nPeak memory of the full report against packets (each bar begins at 0):\n\n```');
  for (const { name, packets, cpu, peak } of peaks) {
    const bar = '█'.repeat(Math.max(1, Math.round((peak / most) * BAR))).padEnd(BAR);
    say(
      `${name.padEnd(8)} ${String(packets).padStart(8)} packets ${bar} ${peak.toFixed(0)} MiB, ${((cpu / packets) * 1e6).toFixed(1)} µs of CPU a packet`,
    );
  }
  say('```');
}
