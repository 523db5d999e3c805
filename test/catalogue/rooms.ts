import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Cause } from '../../src/root-causes/cause.js';

const SRC = join(fileURLToPath(import.meta.url), '..', '..', '..', 'src');

/** A file of one of the rooms whose files are entries of a catalogue. */
export interface RoomFile {
  /** Below src/. */
  path: string;
  /** The entry that it exports, if it does. */
  id: string | undefined;
  /** Other files of src/ that import it. */
  importedBy: string[];
}

const ROOMS = ['observations', 'patterns', 'root-causes'];

/** Every file of the three rooms, with the entry in it. */
export async function roomFiles(): Promise<RoomFile[]> {
  const sources = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
  const texts = sources.map((path) => [path, readFileSync(join(SRC, path), 'utf8')] as const);
  const mine = sources.filter((path) => ROOMS.includes(path.split('/')[0] ?? ''));
  return Promise.all(
    mine.map(async (path) => ({
      path,
      id: (await entryIn(path))?.id,
      importedBy: texts.filter(([other, text]) => other !== path && text.includes(`/${basename(path, '.ts')}.js'`)).map(([other]) => other),
    })),
  );
}

/** Every cause that has a file, listed or not. */
export async function causesInFiles(files: readonly RoomFile[]): Promise<Cause[]> {
  const found = await Promise.all(
    files.filter(({ path, id }) => path.startsWith('root-causes/') && id !== undefined).map(({ path }) => entryIn(path)),
  );
  return found as Cause[];
}

async function entryIn(path: string): Promise<{ id: string } | undefined> {
  const exported: Record<string, unknown> = await import(pathToFileURL(join(SRC, path)).href);
  return Object.values(exported).find(isEntry);
}

function isEntry(value: unknown): value is { id: string } {
  return typeof value === 'object' && value !== null && 'id' in value && ('about' in value || 'mechanism' in value);
}
