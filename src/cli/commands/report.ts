import { type Command, Option } from 'commander';
import { CaptureError } from '../../capture/error.js';
import { compare } from '../../compare.js';
import type { Vantage } from '../../hosts/vantage.js';
import type { Report } from '../../report.js';
import type { Together } from '../../vantages/timelines.js';
import { appearance, type Wishes } from '../appearance.js';
import { wholeNumber } from '../arguments.js';
import { EXAMPLES } from '../examples.js';
import { FOUND, UNUSABLE } from '../exit-codes.js';
import { FactOptions } from '../facts.js';
import { fails } from '../fail-on.js';
import { FORMATS, viewOf } from '../formats.js';
import { writeFile, writeLines } from '../out.js';
import { openSeveral, sayDamage, watched } from '../reading.js';

interface Options extends Wishes {
  format: string;
  out?: string;
  vantage?: Vantage;
  several: Together;
  all?: boolean;
  top: number;
  maxFlows?: number;
  failOn: string;
  quiet?: boolean;
  verbose?: boolean;
}

/** The command without a name: the program itself. */
export function report(program: Command): void {
  const facts = new FactOptions();
  program
    .argument('[captures...]', 'pcap or pcapng files, also gzipped; directories of them; - for standard input')
    .addOption(new Option('-F, --format <format>', 'how to say it').choices(FORMATS).default('text'))
    .option('-o, --out <file>', 'write to a file, whole or not at all')
    .addOption(new Option('--vantage <where>', 'where the capture was made, if you know').choices(['client', 'server', 'middle']))
    .addOption(
      new Option('--several <how>', 'several files are one capture after another, or the same traffic captured at several places')
        .choices(['auto', 'timeline', 'vantages'])
        .default('auto'),
    )
    .option('--all', 'also list the conversations without a finding (json)')
    .option('--top <n>', 'tell so many findings in full', wholeNumber, 5)
    .option('--max-flows <n>', 'follow so many conversations at a time', wholeNumber)
    .option('--fail-on <what>', 'exit with 1 at a finding of this severity (failure, warning, note) or of one of these ids', 'never')
    .addOption(new Option('--color <when>', 'colours').choices(['auto', 'always', 'never']).default('auto'))
    .option('--ascii', 'no characters beyond ASCII')
    .option('--width <columns>', 'width of the text', wholeNumber)
    .option('-q, --quiet', 'no report, only the exit code')
    .option('-v, --verbose', 'tell every finding in full')
    .addHelpText('before', EXAMPLES);
  facts.addTo(program).action((paths: string[], options: Options) => tell(paths, options, program, facts));
}

async function tell(paths: string[], options: Options, program: Command, facts: FactOptions): Promise<void> {
  if (paths.length === 0) program.help({ error: true });
  const known = await facts.read();
  const captures = await openSeveral(paths, options.several, misspelt(paths, program));
  const { vantage, maxFlows, all } = options;
  const made = await watched(captures, () =>
    compare(captures, { ...known, ...(vantage && { vantage }), ...(maxFlows && { maxFlows }), ...(all && { all }) }),
  );
  const isEmpty = made.capture.segments === 0 && made.findings.length === 0;
  if (isEmpty && options.format !== 'json') throw new CaptureError(nothingText(made));
  if (!options.quiet) {
    const shape = appearance(options, process.env, process.stdout);
    const lines = viewOf(options.format)(made, { ...shape, top: options.top, verbose: options.verbose === true });
    await (options.out === undefined ? writeLines(lines, process.stdout) : writeFile(options.out, lines, paths));
  }
  if (fails(made, options.failOn)) process.exitCode = FOUND;
  else if (isEmpty) process.exitCode = UNUSABLE;
  else sayDamage(captures);
}

/** The first of several files that is no file may be a command with a slip in it. */
function misspelt(paths: readonly string[], program: Command): string | undefined {
  const command = program.commands.find((one) => one.name().startsWith(paths[0]?.slice(0, 4) ?? ' '));
  return command === undefined || paths.length < 2 ? undefined : `did you mean "tcpexplain ${command.name()}"?`;
}

function nothingText({ input, capture }: Report): string {
  const names = input.map(({ name }) => name).join(', ');
  const others = Object.entries(capture.skipped).map(([name, count]) => `${count} ${name}`);
  if (capture.frames === 0) return `${names}: there are no packets in it`;
  return `${names}: there is no TCP in it (${capture.frames} frames: ${others.join(', ')})`;
}
