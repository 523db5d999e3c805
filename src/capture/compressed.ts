import { finished } from 'node:stream/promises';
import { createGunzip, type Gunzip } from 'node:zlib';
import { type ByteSource, chunkSource } from './source.js';

/** What one of these unpacks to, a thousand times as much at most, is held at a time. */
const CHUNK = 1 << 14;
const UNPACKED = 1 << 16;
/** The checksum at the end of a file goes by itself: what is unpacked in the same step as an error is lost with it. */
const TRAILER = 8;

/** The unpacked bytes of a gzip source, streamed: however much it unpacks to, only a chunk is held at a time. */
export function gunzip(packed: ByteSource): ByteSource {
  const unpacked = new GunzipSource(packed);
  return unpacked;
}

class GunzipSource implements ByteSource {
  readonly name: string;
  damage: string | undefined;
  private readonly chunks: ByteSource;

  constructor(private readonly packed: ByteSource) {
    this.name = packed.name;
    this.chunks = chunkSource(this.name, this.unpack());
  }

  read(target: Uint8Array): Promise<number> {
    return this.chunks.read(target);
  }

  async close(): Promise<void> {
    await this.packed.close(); // ends what the decompressor may be waiting for
    await this.chunks.close();
  }

  /** Fed and emptied by turns: an iterator over the stream would throw away what came before an error. */
  private async *unpack(): AsyncGenerator<Uint8Array> {
    const stream = createGunzip({ chunkSize: UNPACKED });
    const ready: Uint8Array[] = [];
    stream.on('data', (part: Uint8Array) => ready.push(part));
    const ended = finished(stream).then(
      () => undefined,
      (error: NodeJS.ErrnoException) => error.code ?? error.message,
    );
    try {
      const fed = yield* this.feed(stream, ready, ended);
      const failure = await ended;
      yield* ready;
      this.damage = this.packed.damage ?? damageOf(failure, fed - stream.bytesWritten);
    } finally {
      stream.destroy();
    }
  }

  /** Gives the decompressor all there is, and yields what it makes of it. Returns how many bytes it was given. */
  private async *feed(stream: Gunzip, ready: Uint8Array[], ended: Promise<unknown>): AsyncGenerator<Uint8Array, number> {
    let fed = 0;
    for (let count = 1; count > 0 && !stream.destroyed; ) {
      const chunk = new Uint8Array(CHUNK); // the stream keeps it until it is unpacked
      count = await this.packed.read(chunk);
      fed += count;
      const trailer = Math.max(0, count - TRAILER);
      for (const part of [chunk.subarray(0, trailer), chunk.subarray(trailer, count)]) {
        if (part.length > 0 && !stream.destroyed) await Promise.race([ended, new Promise((resolve) => stream.write(part, resolve))]);
        yield* ready.splice(0);
      }
    }
    if (!stream.destroyed) stream.end();
    return fed;
  }
}

function damageOf(failure: string | undefined, behind: number): string | undefined {
  if (failure !== undefined) return failure === 'Z_BUF_ERROR' ? 'the gzip data is cut off' : 'the gzip data is damaged';
  return behind > 0 ? `${behind} bytes behind the gzip data are not gzip data` : undefined;
}
