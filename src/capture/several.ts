import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CaptureError } from './error.js';
import { Frame } from './frame.js';
import { open } from './open.js';
import { fileSource } from './source.js';

/**
 * The capture files that the paths name, a directory standing for the files in it, in the order of their first frame: rotated
 * files (tcpdump -C, -G, -W) follow one another by time, whatever their names are.
 */
export async function capturesIn(paths: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const path of paths) files.push(...(await filesOf(path)));
  if (files.length < 2) return files;
  const timed = await Promise.all(files.map(async (file) => ({ file, first: await firstTime(file) })));
  return timed.sort((a, b) => a.first - b.first).map(({ file }) => file);
}

async function filesOf(path: string): Promise<string[]> {
  const facts = await stat(path).catch(() => undefined);
  if (!facts?.isDirectory()) return [path];
  const names = await readdir(path, { withFileTypes: true });
  const files = names.filter((entry) => entry.isFile() && !entry.name.startsWith('.')).map(({ name }) => join(path, name));
  const captures: string[] = [];
  for (const file of files.sort()) if (await isCapture(file)) captures.push(file);
  if (captures.length === 0) throw new CaptureError(`${path} is a directory without a capture in it`);
  return captures;
}

async function isCapture(file: string): Promise<boolean> {
  try {
    const { source } = await open(await fileSource(file));
    await source.close();
    return true;
  } catch (error) {
    if (error instanceof CaptureError) return false;
    throw error;
  }
}

/** Seconds since 1970 of the first frame; what cannot be read comes last and says so when its turn comes. */
async function firstTime(file: string): Promise<number> {
  try {
    const { source, window, records } = await open(await fileSource(file));
    const frame = new Frame();
    frame.begin(records, new Set());
    const isThere = frame.next() || ((await window.refill()) && frame.next());
    await source.close();
    return isThere ? frame.epoch + frame.time / 1e9 : Number.POSITIVE_INFINITY;
  } catch (error) {
    if (error instanceof CaptureError) return Number.POSITIVE_INFINITY;
    throw error;
  }
}
