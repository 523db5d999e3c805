import type { ByteSource } from './source.js';

/** Larger than the largest frame (262,144 bytes) and its headers together, so that every record fits in whole. */
const SIZE = 1 << 20;

/** One reused buffer that slides over a source of bytes; readers parse what lies between `position` and `limit`. */
export class Window {
  readonly bytes: Uint8Array = new Uint8Array(SIZE);
  readonly view: DataView = new DataView(this.bytes.buffer);
  /** The next byte to parse. May lie beyond `limit`: then bytes yet to be read are skipped. */
  position = 0;
  /** One past the last byte that has been read. */
  limit = 0;
  /** What was read of the source, and what of it has left the window already. */
  private passed = 0;

  constructor(private readonly source: ByteSource) {}

  /** Offset in the source of the next byte to parse. */
  get offset(): number {
    return this.passed + this.position;
  }

  /** Bytes that are ready to be parsed. */
  get ready(): number {
    return this.limit - this.position;
  }

  /** Moves what is not parsed yet to the front and reads more behind it. False at the end of the source. */
  async refill(): Promise<boolean> {
    this.discard();
    const count = await this.source.read(this.bytes.subarray(this.limit));
    this.limit += count;
    return count > 0;
  }

  /** Reads until `count` bytes are ready; fewer are ready afterwards only at the end of the source. */
  async need(count: number): Promise<void> {
    while (this.ready < count && (await this.refill()));
  }

  private discard(): void {
    const parsed = Math.min(this.position, this.limit);
    this.bytes.copyWithin(0, parsed, this.limit);
    this.passed += parsed;
    this.position -= parsed;
    this.limit -= parsed;
  }
}
