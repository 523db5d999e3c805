import { finished } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import type { Packing, Unpacker } from './packing.js';
import { type ByteSource, chunkSource } from './source.js';

/** What one of these unpacks to, a thousand times as much at most, is held at a time. */
const CHUNK = 1 << 14;
const UNPACKED = 1 << 18;
/** The checksum at the end of a file goes by itself: what is unpacked in the same step as an error is lost with it. */
const TRAILER = 8;

/** The unpacked bytes of a source, streamed: however much it unpacks to, only a chunk is held at a time. */
export function unpacked(packed: ByteSource, packing: Packing): ByteSource {
  return new UnpackedSource(packed, packing);
}

class UnpackedSource implements ByteSource {
  readonly name: string;
  damage: string | undefined;
  private readonly chunks: ByteSource;

  constructor(
    private readonly packed: ByteSource,
    private readonly packing: Packing,
  ) {
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

  /**
   * Gives the decompressor all there is, and yields what it makes of it. While that is analysed, the next chunk is unpacked already, on a
   * thread of the runtime's pool, and the one after it is read.
   */
  private async *unpack(): AsyncGenerator<Uint8Array> {
    let piece = new Piece(this.packing);
    try {
      let chunk = await this.next();
      while (chunk.length > 0 && !piece.isBroken) {
        const ahead = Promise.all([this.next(), piece.give(chunk)]);
        yield* piece.take();
        const [next, used] = await ahead;
        if (used < chunk.length) {
          yield* piece.take();
          piece = new Piece(this.packing);
          chunk = Buffer.concat([chunk.subarray(used), next]);
        } else chunk = next;
      }
      yield* piece.take();
      const damage = await piece.finish();
      yield* piece.take();
      this.damage = this.packed.damage ?? damage;
    } finally {
      piece.destroy();
    }
  }

  private async next(): Promise<Uint8Array> {
    const chunk = new Uint8Array(CHUNK); // the stream keeps it until it is unpacked
    return chunk.subarray(0, await this.packed.read(chunk));
  }
}

/** What one decompressor unpacks. Fed and emptied by turns: an iterator over the stream would throw away what came before an error. */
class Piece {
  private readonly stream: Unpacker;
  private ready: Uint8Array[] = [];
  private given = 0;
  private isOver = false;
  private readonly ended: Promise<string | undefined>;

  constructor(private readonly packing: Packing) {
    this.stream = packing.unpacker({ chunkSize: UNPACKED });
    this.stream.on('data', (part: Uint8Array) => this.ready.push(part));
    if (packing.isPieceByPiece) this.stream.on('end', () => this.end());
    this.ended = finished(this.stream).then(
      () => undefined,
      (error: NodeJS.ErrnoException) => error.code ?? error.message,
    );
  }

  private end(): void {
    this.isOver = true;
  }

  get isBroken(): boolean {
    return this.stream.destroyed;
  }

  /** What has been unpacked since it was last asked. */
  take(): readonly Uint8Array[] {
    const { ready } = this;
    this.ready = [];
    return ready;
  }

  /** Returns how many bytes of the chunk it has used; the others are of another piece. */
  async give(chunk: Uint8Array): Promise<number> {
    const { given } = this;
    const trailer = Math.max(0, chunk.length - TRAILER);
    for (const part of [chunk.subarray(0, trailer), chunk.subarray(trailer)]) if (!this.isOver) await this.write(part);
    return this.isOver ? this.stream.bytesWritten - given : chunk.length;
  }

  /** Nothing more is to come. Returns what is wrong. */
  async finish(): Promise<string | undefined> {
    const { name, isPieceByPiece } = this.packing;
    const wasBroken = this.isBroken;
    if (isPieceByPiece && !this.isOver) await this.write(PROBE);
    const { isOver } = this;
    if (!this.isBroken) this.stream.end();
    const failure = await this.ended;
    if (isPieceByPiece && !wasBroken) return isOver || failure === NEXT_PIECE ? undefined : `the ${name} data is cut off`;
    if (failure !== undefined) return failure === 'Z_BUF_ERROR' ? `the ${name} data is cut off` : `the ${name} data is damaged`;
    const behind = this.given - this.stream.bytesWritten;
    return behind > 0 ? `${behind} bytes behind the ${name} data are not ${name} data` : undefined;
  }

  private async write(part: Uint8Array): Promise<void> {
    const { stream, packing } = this;
    this.given += part.length;
    if (part.length > 0 && !stream.destroyed) await Promise.race([this.ended, new Promise((resolve) => stream.write(part, resolve))]);
    if (packing.isPieceByPiece) await setImmediate(); // that it is over is said a turn later
  }

  destroy(): void {
    this.stream.destroy();
  }
}

/** Whether a piece was complete Node only says when more comes: this begins no other one. */
const PROBE = new Uint8Array(1);
const NEXT_PIECE = 'ZSTD_error_prefix_unknown';
