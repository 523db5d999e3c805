import { ALIGNMENT } from './format.js';

/** Bytes that become less. Throws RangeError where there are none, or something else than there should be. */
export class Input {
  private readonly bytes: Buffer;
  private at = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes.byteOffset % ALIGNMENT === 0 ? bytes : Buffer.from(new Uint8Array(bytes).buffer);
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  byte(): number {
    return this.bytes[this.at++] ?? damaged();
  }

  count(): number {
    let count = 0;
    for (let shift = 0; shift < 32; shift += 7) {
      const byte = this.byte();
      count |= (byte & 127) << shift;
      if (byte < 128) return count >>> 0;
    }
    return damaged();
  }

  double(): number {
    return this.bytes.readDoubleLE(this.skip(8));
  }

  /** Of two bytes a character. */
  text(length: number): string {
    return this.bytes.toString('utf16le', this.skip(length), this.at);
  }

  /** Where in which buffer the bytes from `start` on are, which nothing else than a typed array may have read. */
  place(start: number, length: number): { buffer: ArrayBufferLike; offset: number } {
    const end = start + length;
    if (end > this.bytes.length) damaged();
    this.at = Math.max(this.at, end);
    return { buffer: this.bytes.buffer, offset: this.bytes.byteOffset + start };
  }

  /** Returns where they began. */
  private skip(length: number): number {
    if (length > this.left) damaged();
    const start = this.at;
    this.at += length;
    return start;
  }
}

export function damaged(): never {
  throw new RangeError('not what pack makes');
}
