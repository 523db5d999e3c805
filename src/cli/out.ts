import { createWriteStream } from 'node:fs';
import { realpath, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { CaptureError } from '../capture/error.js';

/** Writes lines as fast as the stream takes them. */
export async function writeLines(lines: Iterable<string>, stream: Writable): Promise<void> {
  for (const line of lines) {
    if (!stream.write(`${line}\n`)) await new Promise<void>((resolve) => stream.once('drain', resolve));
  }
}

/** Writes a file whole or not at all: into a new file beside it, which then takes its place. Never over one of the inputs. */
export async function writeFile(path: string, lines: Iterable<string>, inputs: readonly string[]): Promise<void> {
  const target = await realpath(path).catch(() => path);
  for (const input of inputs) {
    if ((await realpath(input).catch(() => input)) === target) throw new CaptureError(`${path} is an input: it is not overwritten`);
  }
  const unfinished = join(dirname(target), `.tcpexplain-${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`);
  const stream = createWriteStream(unfinished, { flags: 'wx' });
  try {
    await writeLines(lines, stream);
    stream.end();
    await finished(stream);
    await rename(unfinished, target);
  } catch (error) {
    stream.destroy();
    await rm(unfinished, { force: true });
    throw new CaptureError(`${path} cannot be written (${(error as NodeJS.ErrnoException).code ?? String(error)})`);
  }
}
