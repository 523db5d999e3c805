import type { Stats } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CaptureError } from './error.js';
import { open } from './open.js';
import { fileSource } from './source.js';

/** What is called so is meant to be one: it is complained about when it is none. */
const CALLED_CAPTURE = /\.(pcap|pcapng|cap)(\.(gz|zst))?$/i;

export interface NamedFile {
  readonly path: string;
  /** The argument that named it: it, or its directory. */
  readonly named: string;
}

/** The capture files that these paths name, each once, by however many names: links and directories can lead to one again. */
export async function captureFilesIn(paths: readonly string[]): Promise<NamedFile[]> {
  const known = new Set<string>();
  const files: NamedFile[] = [];
  for (const named of paths) {
    for (const path of await captureFilesOf(named)) {
      const real = await realpath(path).catch(() => path); // what is not there is complained about when its turn comes
      if (!known.has(real)) files.push({ path, named });
      known.add(real);
    }
  }
  return files;
}

/** The capture files that a path names: itself, or of a directory the captures in it, sorted by name. */
async function captureFilesOf(path: string): Promise<string[]> {
  const facts = await stat(path).catch(() => undefined);
  if (!facts?.isDirectory()) return [path];
  const captures: string[] = [];
  for (const file of await filesIn(path)) if (CALLED_CAPTURE.test(file) || (await isCapture(file))) captures.push(file);
  if (captures.length === 0) throw new CaptureError(`${path} is a directory without a capture in it`);
  return captures;
}

/** Files, and links that lead to others or nowhere; not pipes and devices, of which nobody knows when they end. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = (await readdir(folder, { withFileTypes: true })).filter(({ name }) => !name.startsWith('.'));
  const own = entries.filter((entry) => entry.isFile()).map(({ name }) => join(folder, name));
  const known = new Set(await Promise.all(own.map(identityOf)));
  const linked: string[] = [];
  for (const entry of entries.filter((one) => one.isSymbolicLink())) {
    const file = join(folder, entry.name);
    const facts = await stat(file).catch(() => undefined);
    if (facts !== undefined && (!facts.isFile() || known.has(identity(facts)))) continue;
    if (facts !== undefined) known.add(identity(facts));
    linked.push(file);
  }
  return [...own, ...linked].sort();
}

async function identityOf(file: string): Promise<string> {
  return stat(file).then(identity, () => '');
}

function identity({ dev, ino }: Stats): string {
  return `${dev}:${ino}`;
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
