import { createGunzip } from 'node:zlib';
import { type ByteSource, chunkSource } from './source.js';

const CHUNK = 1 << 16;

/** The unpacked bytes of a gzip source, streamed: however much it unpacks to, only a chunk is held at a time. */
export function gunzip(packed: ByteSource): ByteSource {
  const unpacked = new GunzipSource(packed);
  return unpacked;
}

class GunzipSource implements ByteSource {
  readonly name: string;
  damage: string | undefined;
  /** Bytes that the decompressor was given. */
  private fed = 0;
  private readonly chunks: ByteSource;

  constructor(private readonly packed: ByteSource) {
    this.name = packed.name;
    this.chunks = chunkSource(this.name, this.unpack());
  }

  read(target: Uint8Array): Promise<number> {
    return this.chunks.read(target);
  }

  async close(): Promise<void> {
    await this.chunks.close();
    await this.packed.close();
  }

  private async *unpack(): AsyncGenerator<Uint8Array> {
    const stream = createGunzip({ chunkSize: CHUNK });
    const feeding = this.feed(stream);
    try {
      yield* stream as AsyncIterable<Uint8Array>;
      const behind = this.fed - stream.bytesWritten;
      if (behind > 0) this.damage = `${behind} bytes behind the gzip data are not gzip data`;
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      this.damage = this.packed.damage ?? (code === 'Z_BUF_ERROR' ? 'the gzip data is cut off' : 'the gzip data is damaged');
    } finally {
      stream.destroy();
      await feeding;
    }
  }

  private async feed(stream: NodeJS.WritableStream & { destroyed?: boolean }): Promise<void> {
    const closed = new Promise<void>((resolve) => stream.once('close', resolve));
    while (!stream.destroyed) {
      const chunk = new Uint8Array(CHUNK); // the stream keeps it until it is unpacked
      const count = await this.packed.read(chunk);
      if (count === 0) {
        stream.end();
        return;
      }
      this.fed += count;
      if (!stream.destroyed && !stream.write(chunk.subarray(0, count))) {
        await Promise.race([closed, new Promise<void>((resolve) => stream.once('drain', resolve))]);
      }
    }
  }
}
