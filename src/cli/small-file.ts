import { createReadStream } from 'node:fs';
import { CaptureError, reason } from '../capture/error.js';

/** Bytes; the sockets of a host with a hundred thousand of them. */
const MOST_SAVED = 1 << 25;

/** What was saved on a host, without the mark that some editors put first. Throws CaptureError when it cannot be read. */
export async function readSaved(path: string): Promise<string> {
  try {
    return new TextDecoder().decode(await readSmall(path, MOST_SAVED));
  } catch (error) {
    if (error instanceof CaptureError) throw error;
    throw new CaptureError(`${path}: ${reason(error)}`);
  }
}

/** All of a file that is not a capture. Devices have no end: what is larger than `most` bytes is refused before the rest is read. */
export async function readSmall(path: string, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of createReadStream(path, { end: most })) {
    chunks.push(chunk as Buffer);
    length += (chunk as Buffer).length;
  }
  if (length > most) throw new CaptureError(`${path} has more than ${most} bytes: it is something else`);
  return Buffer.concat(chunks);
}
