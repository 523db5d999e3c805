import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { withSection } from '../readme/section.js';
import { bomb, structural } from './damage.js';
import { type Kind, peersTable, type Row } from './table.js';
import { isInstalled, run, TOOLS } from './tools.js';

const { values } = parseArgs({ options: { captures: { type: 'string', default: '2' }, update: { type: 'boolean', default: false } } });

const TOPICS = ['capture', 'closing', 'handshake', 'path', 'transfer'];
/** How many bytes of a packet editcap changes, and how often. */
const RANDOM: readonly { rate: string; seeds: number }[] = [
  { rate: '0.02', seeds: 12 },
  { rate: '0.10', seeds: 4 },
];

const folder = mkdtempSync(join(tmpdir(), 'tcpexplain-peers-'));
try {
  const files = damagedFiles();
  const table = peersTable(
    files.map(({ kind }) => kind),
    TOOLS.filter(({ name }) => name === 'tcpexplain' || isInstalled(name)).map((tool): Row => {
      process.stderr.write(`${tool.name}: ${files.length} files\n`);
      return { name: tool.name, outcomes: files.map(({ path }) => run(tool, path)) };
    }),
  );
  process.stdout.write(`${table}\n`);
  if (values.update) writeFileSync('README.md', withSection(readFileSync('README.md', 'utf8'), 'peers', table));
} finally {
  rmSync(folder, { recursive: true });
}

/** So many captures of each topic, each damaged in every way; and one bomb. */
function damagedFiles(): { path: string; kind: Kind }[] {
  const originals = TOPICS.flatMap((topic) => {
    const plots = readdirSync(join('captures', topic)).toSorted();
    return plots.slice(0, Number(values.captures)).map((plot) => join('captures', topic, plot));
  }).map((plot) => join(plot, readdirSync(plot).find((name) => name.endsWith('.pcap')) ?? ''));
  const files: { path: string; kind: Kind }[] = [];
  const next = (kind: Kind): string => {
    const path = join(folder, `${files.length}.pcap`);
    files.push({ path, kind });
    return path;
  };
  for (const original of originals) {
    for (const { rate, seeds } of RANDOM) {
      for (let seed = 1; seed <= seeds; seed++) {
        execFileSync('editcap', ['--seed', String(seed), '-E', rate, '-F', 'pcap', original, next('random')], { stdio: 'ignore' });
      }
    }
    for (const content of structural(readFileSync(original))) writeFileSync(next('structural'), content);
  }
  writeFileSync(next('structural'), bomb(readFileSync(originals[0] as string)));
  return files;
}
