import type { Command } from 'commander';
import { printable } from '../../views/printable.js';
import { paletteFor } from '../../views/terminal/palette.js';
import { appearance, type Wishes } from '../appearance.js';
import { type Fixture, fixturesIn } from '../check/fixtures.js';
import { type Verdict, verdictOn } from '../check/verdict.js';
import { FOUND } from '../exit-codes.js';
import { addAppearanceOptions } from '../options.js';
import { writeFile } from '../out.js';

interface Options extends Wishes {
  update?: boolean;
  quiet?: boolean;
}

const EXAMPLES = `
Examples:
  tcpexplain check fixtures
  tcpexplain check fixtures --update && git diff fixtures
`;

export function check(program: Command): void {
  const command = program
    .command('check')
    .description('compare the report on every capture in a directory with the expected one beside it; exit 1 and a diff where one has changed')
    .argument('<directory>', 'x.pcap is expected as in x.expected.md; captures in a folder of their own as in its report.md')
    .option('--update', 'write what is not as expected, and what is new')
    .option('-q, --quiet', 'only the last line')
    .addHelpText('after', EXAMPLES)
    .action(checkAll);
  addAppearanceOptions(command);
}

async function checkAll(directory: string, options: Options): Promise<void> {
  const { color } = appearance(options, process.env, process.stdout);
  const counts: Record<Verdict['kind'], number> = { same: 0, changed: 0, new: 0, orphan: 0 };
  for (const fixture of await fixturesIn(directory)) {
    const verdict = await verdictOn(fixture);
    counts[verdict.kind]++;
    if (options.update && 'actual' in verdict) await writeFile(fixture.expected, [verdict.actual.replace(/\n$/, '')], fixture.captures);
    if (!options.quiet) for (const line of linesOf(fixture, verdict, color)) process.stdout.write(`${line}\n`);
  }
  process.stdout.write(`${sumOf(counts, options.update === true)}\n`);
  if (counts.orphan > 0 || (!options.update && counts.changed + counts.new > 0)) process.exitCode = FOUND;
}

function* linesOf({ expected }: Fixture, verdict: Verdict, color: boolean): Generator<string> {
  const { red, green, bold } = paletteFor(color);
  const name = bold(printable(expected));
  if (verdict.kind === 'new') yield `${name}: nothing is expected yet`;
  if (verdict.kind === 'orphan') yield `${name}: its capture is not there`;
  if (verdict.kind !== 'changed') return;
  yield `${name} has changed`;
  for (const line of verdict.diff.map(printable)) yield `  ${line.startsWith('- ') ? red(line) : line.startsWith('+ ') ? green(line) : line}`;
}

function sumOf(counts: Record<Verdict['kind'], number>, isUpdated: boolean): string {
  const parts = [`${counts.same} as expected`];
  if (counts.changed > 0) parts.push(`${counts.changed} changed`);
  if (counts.new > 0) parts.push(`${counts.new} new`);
  if (counts.orphan > 0) parts.push(`${counts.orphan} without a capture`);
  const isOpen = counts.changed + counts.new > 0;
  return `${parts.join(', ')}${isOpen ? (isUpdated ? '; written' : '; --update writes them') : ''}`;
}
