import { randomBytes } from 'node:crypto';
import { type Anonymity, Anonymizer } from '../anonymize/anonymizer.js';
import type { Capture, CaptureOptions } from '../capture/capture.js';
import { CaptureError, type Damage } from '../capture/error.js';
import { chunkSource } from '../capture/source.js';
import { capturesOf } from '../capture/timelines.js';
import { parseFilter } from '../filter/filter.js';
import type { FollowOptions } from '../follow.js';
import { type Together, timelinesIn } from '../vantages/timelines.js';
import { printable } from '../views/printable.js';
import { DAMAGED, INTERRUPTED } from './exit-codes.js';
import { refuseOutputInto } from './out.js';
import { showProgress } from './progress.js';
import { readSmall } from './small-file.js';

/** What the user wishes of the reading, whatever the command makes of it. */
export interface ReadingWishes {
  filter?: string;
  anonymize?: Anonymity;
  anonKeyFile?: string;
  maxFlows?: number;
  maxMemory?: number;
}

/** How it is read, as plain data: who reads a share of a capture must read it like the others. */
export interface Plan {
  readonly filter?: string;
  /** The key of another reading differs when it was drawn. */
  readonly anonymize?: { readonly how: Anonymity; readonly key?: Uint8Array; readonly isDrawn: boolean };
}

export interface Reading {
  readonly plan: Plan;
  /** The files that are read, the key for other addresses as well; without standard input. */
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
  { filter, anonymize, anonKeyFile, maxFlows, maxMemory }: ReadingWishes,
  options: CaptureOptions = {},
): Promise<Reading> {
  if (anonKeyFile !== undefined && anonymize === undefined) throw new CaptureError('--anon-key-file is for --anonymize consistent or prefix');
  const isDrawn = anonKeyFile === undefined;
  const key = isDrawn ? drawnKey(anonymize) : await readKey(anonKeyFile);
  const timelines = await timelinesIn(
    paths.filter((path) => path !== '-'),
    together,
  );
  const files = isDrawn ? timelines.flat() : [...timelines.flat(), anonKeyFile];
  await refuseOutputInto(files);
  const input = paths.includes('-') ? [async () => chunkSource('standard input', process.stdin)] : [];
  return {
    plan: { ...(filter && { filter }), ...(anonymize && { anonymize: { how: anonymize, isDrawn, ...(key && { key }) } }) },
    files,
    captures: capturesOf(timelines, { ...options, isAnonymous: anonymize !== undefined }, input),
    options: {
      ...(filter && { filter: parseFilter(filter) }),
      ...(maxFlows && { maxFlows }),
      ...(maxMemory && { maxMemory }),
      ...(anonymize && { anonymizer: new Anonymizer(anonymize, key) }),
    },
  };
}

/** Shorter keys can be tried out. */
const SHORTEST_KEY = 16;
const LONGEST_KEY = 1 << 20;

/** Without a key, `consistent` numbers the addresses. */
function drawnKey(anonymize: Anonymity | undefined): Uint8Array | undefined {
  return anonymize === 'prefix' ? randomBytes(32) : undefined;
}

async function readKey(path: string): Promise<Uint8Array> {
  const create = `"head -c 32 /dev/urandom > ${path}" makes one`;
  const key = await readSmall(path, LONGEST_KEY).catch((error) => {
    if (error instanceof CaptureError) throw error;
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
export function sayDamage(captures: readonly { readonly damage: readonly Damage[] }[]): void {
  const damage = captures.flatMap((capture) => capture.damage);
  if (damage.length === 0) return;
  for (const { file, what } of damage)
    process.stderr.write(`tcpexplain: ${printable(file === '' ? what : `${file}: ${what}`)}; the rest was analysed\n`);
  process.exitCode ??= DAMAGED;
}
