import { createReadStream } from 'node:fs';
import { CaptureError } from '../capture/error.js';

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
