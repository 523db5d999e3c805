import { rmSync, type Stats } from 'node:fs';
import { type FileHandle, lstat, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Writable } from 'node:stream';
import { CaptureError } from '../capture/error.js';
import { INTERRUPTED } from './exit-codes.js';

/** Writes lines as fast as the stream takes them. */
export async function writeLines(lines: Iterable<string>, stream: Writable): Promise<void> {
  for (const line of lines) {
    if (!stream.write(`${line}\n`)) await new Promise<void>((resolve) => stream.once('drain', resolve));
  }
}

/**
 * Writes a file whole or not at all: into a new file beside it, which then takes its place. Never over one of the inputs, and never
 * through a symbolic link. What is no file but a device or a pipe is written to as it is.
 */
export async function writeFile(path: string, lines: Iterable<string>, inputs: readonly string[]): Promise<void> {
  const facts = await stat(path).catch(() => undefined);
  if (facts?.isDirectory()) throw new CaptureError(`${path} is a directory: name a file in it`);
  if (facts !== undefined && (await isAmong(inputs, facts))) throw new CaptureError(`${path} is an input: it is not overwritten`);
  try {
    if (facts === undefined || facts.isFile()) await replaceFile(path, lines);
    else await writeThrough(await open(path, 'w'), lines);
  } catch (error) {
    throw error instanceof CaptureError ? error : new CaptureError(`${path} cannot be written (${(error as NodeJS.ErrnoException).code ?? error})`);
  }
}

/** The same file, by whatever name. */
async function isAmong(inputs: readonly string[], { dev, ino }: Stats): Promise<boolean> {
  const all = await Promise.all(inputs.map((input) => stat(input).catch(() => undefined)));
  return all.some((one) => one?.dev === dev && one.ino === ino);
}

async function replaceFile(path: string, lines: Iterable<string>): Promise<void> {
  if ((await lstat(path).catch(() => undefined))?.isSymbolicLink()) {
    throw new CaptureError(`${path} is a symbolic link: name the file itself that is to be written`);
  }
  const unfinished = join(dirname(path), `.tcpexplain-${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`);
  const abandon = (): never => {
    rmSync(unfinished, { force: true });
    process.exit(INTERRUPTED);
  };
  process.on('SIGINT', abandon).on('SIGTERM', abandon);
  try {
    await writeThrough(await open(unfinished, 'wx'), lines, true);
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  } finally {
    process.off('SIGINT', abandon).off('SIGTERM', abandon);
  }
}

const CHUNK = 1 << 16;

/** `isLasting`: not before the bytes are on the disk is it done. */
async function writeThrough(handle: FileHandle, lines: Iterable<string>, isLasting = false): Promise<void> {
  try {
    let text = '';
    for (const line of lines) {
      text += `${line}\n`;
      if (text.length < CHUNK) continue;
      await handle.writeFile(text);
      text = '';
    }
    await handle.writeFile(text);
    if (isLasting) await handle.sync();
  } finally {
    await handle.close();
  }
}
