import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CaptureError } from './error.js';
import { open } from './open.js';
import { fileSource } from './source.js';

/** The capture files that a path names: itself, or of a directory the captures in it, sorted by name. */
export async function captureFilesOf(path: string): Promise<string[]> {
  const facts = await stat(path).catch(() => undefined);
  if (!facts?.isDirectory()) return [path];
  const names = await readdir(path, { withFileTypes: true });
  const files = names.filter((entry) => entry.isFile() && !entry.name.startsWith('.')).map(({ name }) => join(path, name));
  const captures: string[] = [];
  for (const file of files.sort()) if (await isCapture(file)) captures.push(file);
  if (captures.length === 0) throw new CaptureError(`${path} is a directory without a capture in it`);
  return captures;
}

/** What cannot even be opened is not passed over in silence: it is complained about when its turn comes. */
async function isCapture(file: string): Promise<boolean> {
  const raw = await fileSource(file).catch(() => undefined);
  if (raw === undefined) return true;
  try {
    const { source } = await open(raw);
    await source.close();
    return true;
  } catch (error) {
    if (error instanceof CaptureError) return false;
    throw error;
  } finally {
    await raw.close();
  }
}
