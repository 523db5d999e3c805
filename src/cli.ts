#!/usr/bin/env node
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { analyze } from './analyze.js';
import { Capture } from './capture/capture.js';
import { CaptureError } from './capture/error.js';
import { capturesIn } from './capture/several.js';
import { chunkSource, fileSource } from './capture/source.js';
import { type Appearance, appearance, type Wishes } from './cli/appearance.js';
import { EXAMPLES } from './cli/examples.js';
import { writeFile, writeLines } from './cli/out.js';
import { showProgress } from './cli/progress.js';
import { groups, pages, similar } from './explain.js';
import type { Vantage } from './hosts/vantage.js';
import { listFlags } from './listings/flags.js';
import { listStates } from './listings/states.js';
import type { Report } from './report.js';
import { VERSION } from './version.js';
import { catalogue } from './views/explanation/catalogue.js';
import { explanation } from './views/explanation.js';
import { json } from './views/json.js';
import { markdown } from './views/markdown.js';
import { printable } from './views/printable.js';
import { tabSeparated } from './views/tab-separated.js';
import { terminal } from './views/terminal.js';
import type { View } from './views/view.js';

const VIEWS: Readonly<Record<string, View>> = { text: terminal, json, markdown };

// Exit codes: 0 analysed, and
const FOUND = 1;
const UNUSABLE = 2;
const DAMAGED = 3;
const INTERRUPTED = 130;

interface Options extends Wishes {
  format: string;
  out?: string;
  vantage?: Vantage;
  all?: boolean;
  top: number;
  maxFlows?: number;
  failOn: string;
  quiet?: boolean;
  verbose?: boolean;
}

const program = new Command('tcpexplain')
  .description('Explains what each TCP conversation of a capture lived through, and which decision of the Linux kernel is behind it.')
  .version(VERSION)
  .argument('[captures...]', 'pcap or pcapng files, also gzipped; directories of them; - for standard input')
  .addOption(new Option('-F, --format <format>', 'how to say it').choices(Object.keys(VIEWS)).default('text'))
  .option('-o, --out <file>', 'write to a file, whole or not at all')
  .addOption(new Option('--vantage <where>', 'where the capture was made, if you know').choices(['client', 'server', 'middle']))
  .option('--all', 'also list the conversations without a finding (json)')
  .option('--top <n>', 'tell so many findings in full', wholeNumber, 5)
  .option('--max-flows <n>', 'follow so many conversations at a time', wholeNumber)
  .option('--fail-on <what>', 'exit with 1 at a finding of this severity (failure, warning, note) or of one of these ids', 'never')
  .addOption(new Option('--color <when>', 'colours').choices(['auto', 'always', 'never']).default('auto'))
  .option('--ascii', 'no characters beyond ASCII')
  .option('--width <columns>', 'width of the text', wholeNumber)
  .option('-q, --quiet', 'no report, only the exit code')
  .option('-v, --verbose', 'tell every finding in full')
  .addHelpText('before', EXAMPLES)
  .action(report);

program
  .command('flags')
  .description("one line for each of Wireshark's flags: frame, stream, flag, and our verdict on what really happened")
  .argument('<captures...>')
  .action((paths: string[]) => list(paths, async (capture) => tabSeparated(['frame', 'stream', 'flag', 'verdict'], await listFlags(capture))));

program
  .command('states')
  .description('one line for each change of state of either end: time, stream, side, address, peer, from, to, frame, basis')
  .argument('<captures...>')
  .action((paths: string[]) =>
    list(paths, async (capture) =>
      tabSeparated(['time', 'stream', 'side', 'address', 'peer', 'from', 'to', 'frame', 'basis'], await listStates(capture)),
    ),
  );

program
  .command('explain')
  .description('the manual page of an observation, a pattern, a cause, a sysctl, a counter or a drop reason; without id the list')
  .argument('[id]')
  .action(explainId);

await run();

async function report(paths: string[], options: Options): Promise<void> {
  if (paths.length === 0) program.help({ error: true });
  const capture = await openAll(paths);
  const { vantage, maxFlows, all } = options;
  const made = await watched(capture, () => analyze(capture, { ...(vantage && { vantage }), ...(maxFlows && { maxFlows }), ...(all && { all }) }));
  const view = VIEWS[options.format] ?? terminal;
  if (made.capture.segments === 0 && made.findings.length === 0 && options.format !== 'json') throw new CaptureError(nothingText(made));
  const lines = view(made, { ...shape(options), top: options.top, verbose: options.verbose === true });
  if (!options.quiet) await (options.out === undefined ? writeLines(lines, process.stdout) : writeFile(options.out, lines, paths));
  if (fails(made, options.failOn)) process.exitCode = FOUND;
  else if (made.capture.segments === 0 && made.findings.length === 0) process.exitCode = UNUSABLE;
  else sayDamage(capture);
}

async function list(paths: string[], lines: (capture: Capture) => Promise<Iterable<string>>): Promise<void> {
  const capture = await openAll(paths);
  await writeLines(await watched(capture, () => lines(capture)), process.stdout);
  sayDamage(capture);
}

async function explainId(id: string | undefined, _: unknown, command: Command): Promise<void> {
  const options = shape(command.optsWithGlobals<Options>());
  if (id === undefined) return writeLines(catalogue(groups(), options), process.stdout);
  const found = pages(id);
  if (found.length > 0) return writeLines(explanation(found, options), process.stdout);
  const near = similar(id);
  throw new CaptureError(
    `nothing is called "${id}"${near.length > 0 ? `; do you mean ${near.join(', ')}?` : '; "tcpexplain explain" lists what there is'}`,
  );
}

async function openAll(paths: readonly string[]): Promise<Capture> {
  const named = paths.filter((path) => path !== '-');
  const command = program.commands.find((one) => one.name().startsWith(paths[0]?.slice(0, 4) ?? ' '));
  const files = await capturesIn(named);
  const fromInput = paths.includes('-') ? [async () => chunkSource('standard input', process.stdin)] : [];
  const hint = command === undefined || paths.length < 2 ? undefined : `did you mean "tcpexplain ${command.name()}"?`;
  return new Capture([...files.map((file) => () => fileSource(file)), ...fromInput], hint);
}

/** Reads with progress on a terminal. The first Ctrl-C of a live pipe is meant for tcpdump; otherwise it ends the reading, and the report follows. */
async function watched<Result>(capture: Capture, read: () => Promise<Result>): Promise<Result> {
  const done = process.stderr.isTTY ? showProgress(capture, process.stderr) : () => {};
  let pressed = 0;
  const interrupt = (): void => {
    const isForTcpdump = capture.isLive && pressed === 0;
    pressed++;
    if (isForTcpdump) return;
    process.exitCode = INTERRUPTED;
    capture.stop();
    if (pressed > 2) process.exit(INTERRUPTED);
  };
  process.on('SIGINT', interrupt);
  try {
    return await read();
  } finally {
    done();
    process.off('SIGINT', interrupt);
  }
}

/** Damaged input is reported even where the view has no place for it. */
function sayDamage(capture: Capture): void {
  if (capture.damage.length === 0) return;
  for (const { file, what } of capture.damage)
    process.stderr.write(`tcpexplain: ${printable(file === '' ? what : `${file}: ${what}`)}; the rest was analysed\n`);
  process.exitCode ??= DAMAGED;
}

function nothingText({ input, capture }: Report): string {
  const names = input.map(({ name }) => name).join(', ');
  const others = Object.entries(capture.skipped).map(([name, count]) => `${count} ${name}`);
  if (capture.frames === 0) return `${names}: there are no packets in it`;
  return `${names}: there is no TCP in it (${capture.frames} frames: ${others.join(', ')})`;
}

function fails({ findings }: Report, failOn: string): boolean {
  if (failOn === 'never') return false;
  const severities = ['failure', 'warning', 'note'];
  const level = severities.indexOf(failOn);
  const ids = failOn.split(',');
  return findings.some(({ severity, pattern, suspects }) =>
    level >= 0 ? severities.indexOf(severity) <= level : ids.includes(pattern) || (suspects[0] !== undefined && ids.includes(suspects[0].cause)),
  );
}

function shape(wishes: Wishes): Appearance {
  return appearance(wishes, process.env, process.stdout);
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('a whole number above 0 is needed.');
  return number;
}

async function run(): Promise<void> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  program.exitOverride();
  for (const command of program.commands) command.exitOverride();
  try {
    await program.parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : UNUSABLE;
    else if (error instanceof CaptureError) {
      process.stderr.write(`tcpexplain: ${printable(error.message)}\n`);
      process.exitCode = UNUSABLE;
    } else throw error;
  }
}
