import { type Command, Option } from 'commander';
import { CaptureError, type Damage } from '../capture/error.js';
import type { Report } from '../report.js';
import { onlyWorst } from '../selection.js';
import { appearance, type Wishes } from './appearance.js';
import { wholeNumber } from './arguments.js';
import { FOUND, INTERRUPTED, UNUSABLE } from './exit-codes.js';
import { type FailOn, failOn, never } from './fail-on.js';
import { FORMATS, type Format } from './formats.js';
import { addAppearanceOptions } from './options.js';
import { writeFile, writeLines } from './out.js';
import { sayDamage } from './reading.js';

/** How a report is to be said, and where. */
export interface DeliveryWishes extends Wishes {
  format: string;
  out?: string;
  limit?: number;
  all?: boolean;
  top?: number;
  failOn: FailOn;
  quiet?: boolean;
  verbose?: boolean;
}

export function addDeliveryOptions(command: Command): void {
  command
    .optionsGroup('Output:')
    .addOption(new Option('-F, --format <format>', 'how to say it').choices(Object.keys(FORMATS)).default('text'))
    .option('-o, --out <file>', 'write to a file, whole or not at all')
    .option('--limit <characters>', 'markdown: leave out what does not fit (30000)', wholeNumber)
    .option('-q, --quiet', 'print no report: only the exit code tells')
    .option('-v, --verbose', 'tell every finding in full');
  addAppearanceOptions(command);
}

export function addFailOn(command: Command): void {
  command.addOption(
    new Option('--fail-on <what>', 'exit with 1 at a finding of this severity (failure, warning, note) or of one of these ids')
      .argParser(failOn)
      .default(never, 'never'),
  );
}

export function formatOf({ format }: DeliveryWishes): Format {
  return FORMATS[format] as Format;
}

/** Says a report, and sets the exit code. `inputs`: files that are not to be overwritten. */
export async function deliver(
  made: Report,
  sources: readonly { readonly damage: readonly Damage[] }[],
  inputs: readonly string[],
  wishes: DeliveryWishes,
): Promise<void> {
  const format = formatOf(wishes);
  const { out } = wishes;
  const isEmpty = made.capture.segments === 0 && made.findings.length === 0;
  if (isEmpty && !format.isForPrograms) throw new CaptureError(nothingText(made, sources));
  const lines = (): Iterable<string> => linesOf(made, format, wishes);
  if (out !== undefined && out !== '-') await writeFile(out, lines(), inputs);
  else if (!wishes.quiet) await writeLines(lines(), process.stdout);
  sayDamage(sources);
  if (wishes.failOn(made)) process.exitCode = FOUND;
  else if (isEmpty && process.exitCode !== INTERRUPTED) process.exitCode = UNUSABLE;
}

function linesOf(made: Report, { view }: Format, wishes: DeliveryWishes): Iterable<string> {
  const { top, verbose, limit, all, out } = wishes;
  const shape = appearance(wishes, process.env, out === undefined ? process.stdout : {});
  const isText = wishes.format === 'text';
  const shown = top === undefined || isText ? made : onlyWorst(made, top, all);
  return view(shown, { ...shape, top: top ?? TOLD_IN_FULL, verbose: verbose === true, ...(limit && { limit }) });
}

const TOLD_IN_FULL = 5;

function nothingText({ input, capture }: Report, sources: readonly { readonly damage: readonly Damage[] }[]): string {
  const damage = sources.flatMap((one) => one.damage);
  if (input.length === 0 && damage.length > 0) return damage.map(({ file, what }) => (file === '' ? what : `${file}: ${what}`)).join('; ');
  const names = input.map(({ name }) => name).join(', ');
  const others = Object.entries(capture.skipped).map(([name, count]) => `${count} ${name}`);
  const why = damage.map(({ what, offset }) => `; ${what} (at byte ${offset})`).join('');
  if (capture.frames === 0) return `${names}: there are no packets in it${why}`;
  return `${names}: there is no TCP in it (${capture.frames} frames: ${others.join(', ')})${why}`;
}
