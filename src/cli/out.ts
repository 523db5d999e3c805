import { closeSync, fstatSync, openSync, rmSync, type Stats } from 'node:fs';
import { type FileHandle, lstat, open, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Writable } from 'node:stream';
import { CaptureError } from '../capture/error.js';
import { INTERRUPTED } from './exit-codes.js';

/** Writes lines as fast as the stream takes them. */
export async function writeLines(lines: Iterable<string>, stream: Writable): Promise<void> {
  for (const text of chunksOf(lines)) {
    if (!stream.write(text)) await new Promise<void>((resolve) => stream.once('drain', resolve));
  }
}

/**
 * Writes a file whole or not at all: into a new file beside it, which then takes its place, for the eyes of those who could read the old
 * one. Never over one of the inputs or over standard input, and never through a symbolic link. What is no file but a device or a pipe is
 * written to as it is.
 */
export async function writeFile(path: string, lines: Iterable<string>, inputs: readonly string[]): Promise<void> {
  const facts = await stat(path).catch(() => undefined);
  if (facts?.isDirectory()) throw new CaptureError(`${path} is a directory: name a file in it`);
  if (facts !== undefined && (await isAmong(inputs, facts))) throw new CaptureError(`${path} is an input: it is not overwritten`);
  try {
    if (facts === undefined || facts.isFile()) await replaceFile(path, facts?.mode, lines);
    else await writeThrough(await open(path, 'w'), lines);
  } catch (error) {
    throw error instanceof CaptureError ? error : new CaptureError(`${path} cannot be written (${(error as NodeJS.ErrnoException).code ?? error})`);
  }
}

/** The program does not read what it prints. Throws CaptureError where standard output was led into one of the inputs. */
export async function refuseOutputInto(inputs: readonly string[]): Promise<void> {
  const output = fileBehind(STANDARD_OUTPUT);
  if (output !== undefined && (await isAmong(inputs, output))) throw new CaptureError('standard output is an input: nothing is written into it');
}

/** The same file, by whatever name. */
async function isAmong(inputs: readonly string[], { dev, ino }: Stats): Promise<boolean> {
  const all = await Promise.all(inputs.map((input) => stat(input).catch(() => undefined)));
  return [...all, fileBehind(STANDARD_INPUT)].some((one) => one?.dev === dev && one.ino === ino);
}

const [STANDARD_INPUT, STANDARD_OUTPUT] = [0, 1];

/** Undefined of what is a terminal, a pipe or a device, or was closed before. */
function fileBehind(descriptor: number): Stats | undefined {
  try {
    const facts = fstatSync(descriptor);
    return facts.isFile() ? facts : undefined;
  } catch {
    return undefined;
  }
}

/** Who may read and write a file: everybody whom the umask lets, and its owner alone. */
const [USUAL, OWNERS] = [0o666, 0o600];
const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

async function replaceFile(path: string, mode: number | undefined, lines: Iterable<string>): Promise<void> {
  if ((await lstat(path).catch(() => undefined))?.isSymbolicLink()) {
    throw new CaptureError(`${path} is a symbolic link: name the file itself that is to be written`);
  }
  const unfinished = join(dirname(path), `.tcpexplain-${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`);
  const abandon = (): never => process.exit(INTERRUPTED);
  const discard = (): void => rmSync(unfinished, { force: true });
  process.on('exit', discard);
  for (const signal of ENDING) process.on(signal, abandon);
  try {
    closeSync(openSync(unfinished, 'wx', mode === undefined ? USUAL : OWNERS)); // at once: an exit finds it
    const handle = await open(unfinished, 'r+');
    if (mode !== undefined) await handle.chmod(mode & USUAL).catch(() => {}); // then nobody else may read it
    await writeThrough(handle, lines, true);
    await rename(unfinished, path);
  } catch (error) {
    discard();
    throw error;
  } finally {
    for (const signal of ENDING) process.off(signal, abandon);
    process.off('exit', discard);
  }
}

/** `isLasting`: not before the bytes are on the disk is it done. */
async function writeThrough(handle: FileHandle, lines: Iterable<string>, isLasting = false): Promise<void> {
  try {
    for (const text of chunksOf(lines)) await handle.writeFile(text);
    if (isLasting) await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Characters that are written at a time. */
const CHUNK = 1 << 16;

function* chunksOf(lines: Iterable<string>): Generator<string, void, void> {
  let text = '';
  for (const line of lines) {
    text += `${line}\n`;
    if (text.length < CHUNK) continue;
    yield text;
    text = '';
  }
  if (text !== '') yield text;
}
