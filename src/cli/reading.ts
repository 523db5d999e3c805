import { readFile } from 'node:fs/promises';
import { type Anonymity, Anonymizer } from '../anonymize/anonymizer.js';
import type { Capture, CaptureOptions } from '../capture/capture.js';
import { CaptureError } from '../capture/error.js';
import { chunkSource } from '../capture/source.js';
import { capturesOf } from '../capture/timelines.js';
import type { Filter } from '../filter/primitives.js';
import type { FollowOptions } from '../follow.js';
import { type Together, timelinesIn } from '../vantages/timelines.js';
import { printable } from '../views/printable.js';
import { DAMAGED, INTERRUPTED } from './exit-codes.js';
import { showProgress } from './progress.js';

/** What the user wishes of the reading, whatever the command makes of it. */
export interface ReadingWishes {
  filter?: Filter;
  anonymize?: Anonymity;
  anonKeyFile?: string;
  maxFlows?: number;
}

export interface Reading {
  /** The files that are read, without standard input. */
  readonly files: readonly string[];
  readonly captures: readonly Capture[];
  readonly options: FollowOptions;
}

/** What the argument names, a file or a directory, as one capture. */
export async function openCapture(path: string, wishes: ReadingWishes): Promise<{ capture: Capture; options: FollowOptions }> {
  const { captures, options } = await openCaptures([path], 'auto', wishes);
  const [capture, another] = captures;
  if (capture === undefined || another !== undefined)
    throw new CaptureError(`${path} holds several captures of the same conversations: name one of them`);
  return { capture, options };
}

/** The captures that the arguments name, one or several. Standard input belongs to the first. */
export async function openCaptures(
  paths: readonly string[],
  together: Together,
  { filter, anonymize, anonKeyFile, maxFlows }: ReadingWishes,
  options: CaptureOptions = {},
): Promise<Reading> {
  if (anonKeyFile !== undefined && anonymize === undefined) throw new CaptureError('--anon-key-file is for --anonymize consistent or prefix');
  const anonymizer = anonymize && new Anonymizer(anonymize, anonKeyFile === undefined ? undefined : await readKey(anonKeyFile));
  const timelines = await timelinesIn(
    paths.filter((path) => path !== '-'),
    together,
  );
  const input = paths.includes('-') ? [async () => chunkSource('standard input', process.stdin)] : [];
  return {
    files: timelines.flat(),
    captures: capturesOf(timelines, { ...options, isAnonymous: anonymizer !== undefined }, input),
    options: { ...(filter && { filter }), ...(maxFlows && { maxFlows }), ...(anonymizer && { anonymizer }) },
  };
}

/** Shorter keys can be tried out. */
const SHORTEST_KEY = 16;

async function readKey(path: string): Promise<Uint8Array> {
  const create = `"head -c 32 /dev/urandom > ${path}" makes one`;
  const key = await readFile(path).catch(() => {
    throw new CaptureError(`${path}: no key can be read from it; ${create}`);
  });
  if (key.length < SHORTEST_KEY) throw new CaptureError(`${path}: a key of ${key.length} bytes can be guessed; ${create}`);
  return key;
}

/** Reads with progress on a terminal. The first Ctrl-C of a live pipe is meant for tcpdump; otherwise it ends the reading, and the report follows. */
export async function watched<Result>(captures: readonly Capture[], read: () => Promise<Result>): Promise<Result> {
  const current = (): Capture => captures.findLast(({ progress }) => progress.bytes > 0) ?? (captures[0] as Capture);
  const done = process.stderr.isTTY && process.env.TERM !== 'dumb' ? showProgress(current, process.stderr) : () => {};
  let pressed = 0;
  const interrupt = (): void => {
    const isForTcpdump = current().isLive && pressed === 0;
    pressed++;
    if (isForTcpdump) return;
    process.exitCode = INTERRUPTED;
    for (const capture of captures) capture.stop();
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
export function sayDamage(captures: readonly Capture[]): void {
  const damage = captures.flatMap((capture) => capture.damage);
  if (damage.length === 0) return;
  for (const { file, what } of damage)
    process.stderr.write(`tcpexplain: ${printable(file === '' ? what : `${file}: ${what}`)}; the rest was analysed\n`);
  process.exitCode ??= DAMAGED;
}
