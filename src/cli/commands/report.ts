import { existsSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { analyzeSeveral } from '../../analyze-several.js';
import type { Capture } from '../../capture/capture.js';
import { CaptureError } from '../../capture/error.js';
import { nearest } from '../../filter/words.js';
import type { Vantage } from '../../hosts/vantage.js';
import type { Report } from '../../report.js';
import { onlyWorst } from '../../selection.js';
import type { Together } from '../../vantages/timelines.js';
import { appearance, type Wishes } from '../appearance.js';
import { wholeNumber } from '../arguments.js';
import { EXAMPLES } from '../examples.js';
import { FOUND, UNUSABLE } from '../exit-codes.js';
import { FactOptions } from '../facts.js';
import { type FailOn, failOn, never } from '../fail-on.js';
import { FORMATS, type Format } from '../formats.js';
import { addAppearanceOptions, addReadingOptions, addSelectionOptions, addSeveralOption, type SelectionWishes, selectionOf } from '../options.js';
import { writeFile, writeLines } from '../out.js';
import { openCaptures, type ReadingWishes, sayDamage, watched } from '../reading.js';

interface Options extends Wishes, ReadingWishes, SelectionWishes {
  format: string;
  out?: string;
  limit?: number;
  vantage?: Vantage;
  several: Together;
  all?: boolean;
  top?: number;
  failOn: FailOn;
  quiet?: boolean;
  verbose?: boolean;
}

/** The command without a name: the program itself. */
export function report(program: Command): void {
  const facts = new FactOptions();
  program
    .argument('[captures...]', 'pcap or pcapng files, also gzipped; directories of them; - for standard input')
    .optionsGroup('Output:')
    .addOption(new Option('-F, --format <format>', 'how to say it').choices(Object.keys(FORMATS)).default('text'))
    .option('-o, --out <file>', 'write to a file, whole or not at all')
    .option('--limit <characters>', 'markdown: leave out what does not fit (30000)', wholeNumber)
    .option('-q, --quiet', 'print no report: only the exit code tells')
    .option('-v, --verbose', 'tell every finding in full');
  addAppearanceOptions(program);
  addReadingOptions(program);
  addSelectionOptions(program);
  program
    .optionsGroup('What you know, and what you want to know:')
    .addOption(new Option('--vantage <where>', 'where the capture was made, if you know').choices(['client', 'server', 'middle']));
  addSeveralOption(program);
  program
    .addOption(
      new Option('--fail-on <what>', 'exit with 1 at a finding of this severity (failure, warning, note) or of one of these ids')
        .argParser(failOn)
        .default(never, 'never'),
    )
    .addHelpText('before', EXAMPLES);
  facts.addTo(program).action((paths: string[], options: Options) => tell(paths, options, program, facts));
}

async function tell(paths: string[], options: Options, program: Command, facts: FactOptions): Promise<void> {
  if (paths.length === 0) program.help({ error: true });
  const known = await facts.read();
  const format = FORMATS[options.format] as Format;
  const { vantage, all, out, several } = options;
  const reading = await openCaptures(paths, several, options, { sha256: format.hasHashes === true });
  const { captures } = reading;
  const given = {
    ...known,
    graphs: format.hasGraphs === true,
    ...reading.options,
    ...(vantage && { vantage }),
    ...(all && { all }),
    selection: selectionOf(options),
  };
  const hint = misspelt(paths, program);
  const made = await watched(captures, () => analyzeSeveral(captures, given)).catch((error: unknown) => {
    throw hinted(error, hint);
  });
  const isEmpty = made.capture.segments === 0 && made.findings.length === 0;
  if (isEmpty && !format.isForPrograms) throw hinted(new CaptureError(nothingText(made, captures)), hint);
  const lines = (): Iterable<string> => linesOf(made, format, options);
  if (out !== undefined && out !== '-') await writeFile(out, lines(), reading.files);
  else if (!options.quiet) await writeLines(lines(), process.stdout);
  sayDamage(captures);
  if (options.failOn(made)) process.exitCode = FOUND;
  else if (isEmpty) process.exitCode = UNUSABLE;
}

function linesOf(made: Report, { view }: Format, options: Options): Iterable<string> {
  const { top, verbose, limit, all, out } = options;
  const shape = appearance(options, process.env, out === undefined ? process.stdout : {});
  const isText = options.format === 'text';
  const shown = top === undefined || isText ? made : onlyWorst(made, top, all);
  return view(shown, { ...shape, top: top ?? TOLD_IN_FULL, verbose: verbose === true, ...(limit && { limit }) });
}

const TOLD_IN_FULL = 5;

/** The first name, where there is no such file, may be a command with a slip in it. */
function misspelt(paths: readonly string[], program: Command): string | undefined {
  const [first = '-'] = paths;
  if (first === '-' || existsSync(first)) return undefined;
  const near = nearest(
    first,
    program.commands.map((command) => command.name()),
  );
  return near === undefined ? undefined : `did you mean "tcpexplain ${near}"?`;
}

function hinted(error: unknown, hint: string | undefined): unknown {
  return error instanceof CaptureError && hint !== undefined ? new CaptureError(`${error.message}; ${hint}`) : error;
}

function nothingText({ input, capture }: Report, captures: readonly Capture[]): string {
  const names = input.map(({ name }) => name).join(', ');
  const others = Object.entries(capture.skipped).map(([name, count]) => `${count} ${name}`);
  const damage = captures.flatMap((one) => one.damage);
  if (input.length === 0 && damage.length > 0) return damage.map(({ what }) => what).join('; ');
  const why = damage.map(({ what, offset }) => `; ${what} (at byte ${offset})`).join('');
  if (capture.frames === 0) return `${names}: there are no packets in it${why}`;
  return `${names}: there is no TCP in it (${capture.frames} frames: ${others.join(', ')})${why}`;
}
