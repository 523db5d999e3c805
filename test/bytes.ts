import type { Capture } from '../src/capture/capture.js';
import { Capture as Reading } from '../src/capture/capture.js';
import type { ByteSource } from '../src/capture/source.js';

/** A capture whose bytes are in memory, handed out in pieces of `piece` bytes. */
export function captureOf(bytes: Uint8Array, piece = Number.POSITIVE_INFINITY): Capture {
  return new Reading([async () => memory(bytes, piece)]);
}

export function memory(bytes: Uint8Array, piece = Number.POSITIVE_INFINITY): ByteSource {
  let position = 0;
  return {
    name: 'memory',
    size: bytes.length,
    read: async (target) => {
      const part = bytes.subarray(position, position + Math.min(piece, target.length));
      target.set(part);
      position += part.length;
      return part.length;
    },
    close: async () => {},
  };
}
