import { type Command, Option } from 'commander';
import { analyze } from '../../analyze.js';
import { changesBetween } from '../../changes.js';
import type { Report } from '../../report.js';
import { changesText } from '../../views/changes.js';
import { escapedJson } from '../../views/escaped-json.js';
import { appearance, type Wishes } from '../appearance.js';
import { FOUND } from '../exit-codes.js';
import { addAppearanceOptions, addReadingOptions } from '../options.js';
import { writeLines } from '../out.js';
import { openCapture, type ReadingWishes, sayDamage, watched } from '../reading.js';

interface Options extends Wishes, ReadingWishes {
  format: 'text' | 'json';
  failOn: 'gained' | 'never';
}

const EXAMPLES = `
Examples:
  tcpexplain diff before.pcap after.pcap
  tcpexplain diff before.pcap after.pcap --fail-on gained
  tcpexplain diff -F json before.pcap after.pcap
`;

export function diff(program: Command): void {
  const command = program
    .command('diff')
    .description('what has changed from one capture to another, such as before and after a fix: findings, round trips, what was resent, states')
    .argument('<before>', 'a capture, or a directory of them')
    .argument('<after>', 'another one')
    .addOption(new Option('-F, --format <format>', 'how to say it').choices(['text', 'json']).default('text'))
    .addOption(new Option('--fail-on <what>', 'exit with 1 when a finding was gained').choices(['gained', 'never']).default('never'))
    .addHelpText('after', EXAMPLES)
    .action(compareBoth);
  addReadingOptions(command);
  addAppearanceOptions(command);
}

async function compareBoth(before: string, after: string, options: Options): Promise<void> {
  const changes = changesBetween(await read(before, options), await read(after, options));
  const lines = options.format === 'json' ? [escapedJson(changes, 2)] : changesText(changes, appearance(options, process.env, process.stdout));
  await writeLines(lines, process.stdout);
  if (options.failOn === 'gained' && changes.gained.length > 0) process.exitCode = FOUND;
}

async function read(path: string, wishes: ReadingWishes): Promise<Report> {
  const { capture, options } = await openCapture(path, wishes);
  const report = await watched([capture], () => analyze(capture, { ...options, all: true }));
  sayDamage([capture]);
  return report;
}
