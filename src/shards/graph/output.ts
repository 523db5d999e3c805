import { ALIGNMENT } from './format.js';

const FIRST_SIZE = 1 << 16;
const LONGEST_COUNT = 5;

/** Bytes that become more. */
export class Output {
  private bytes = Buffer.allocUnsafeSlow(FIRST_SIZE);
  private used = 0;

  get written(): Buffer {
    return this.bytes.subarray(0, this.used);
  }

  byte(byte: number): void {
    this.makeRoom(1);
    this.bytes[this.used++] = byte;
  }

  /** A whole number below 2^32: seven bits a byte, the lowest first; the highest bit says that there are more. */
  count(count: number): void {
    this.makeRoom(LONGEST_COUNT);
    let rest = count;
    for (; rest > 127; rest >>>= 7) this.bytes[this.used++] = (rest & 127) | 128;
    this.bytes[this.used++] = rest;
  }

  double(value: number): void {
    this.makeRoom(8);
    this.used = this.bytes.writeDoubleLE(value, this.used);
  }

  append(bytes: Uint8Array): void {
    this.makeRoom(bytes.length);
    this.bytes.set(bytes, this.used);
    this.used += bytes.length;
  }

  /** Where something aligned can begin after two counts. */
  get nextStart(): number {
    return Math.ceil((this.used + 2 * LONGEST_COUNT) / ALIGNMENT) * ALIGNMENT;
  }

  appendAt(start: number, bytes: Uint8Array): void {
    this.append(new Uint8Array(start - this.used));
    this.append(bytes);
  }

  private makeRoom(length: number): void {
    if (this.used + length <= this.bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.used + length));
    this.bytes.copy(larger);
    this.bytes = larger;
  }
}
