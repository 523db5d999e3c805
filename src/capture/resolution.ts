/** Turns the 64-bit tick counts of one pcapng interface into seconds and nanoseconds (`if_tsresol`, `if_tsoffset`). */
export class Resolution {
  seconds = 0;
  nanoseconds = 0;
  private readonly ticksPerSecond: number;

  /** `exponent`: ticks are 10^-exponent s, or with its highest bit set 2^-(exponent & 0x7f) s. `offset` in seconds. */
  constructor(
    exponent: number,
    private readonly offset: number,
  ) {
    this.ticksPerSecond = exponent & 0x80 ? 2 ** (exponent & 0x7f) : 10 ** exponent;
  }

  /**
   * Long division in digits of 16 bits, exact up to nanoseconds where ticks do not fit into 53 bits;
   * finer ticks are rounded. (A bigint per frame would be an allocation per frame.)
   */
  read(high: number, low: number): void {
    const { ticksPerSecond } = this;
    if (high < 0x200000) {
      const ticks = high * 0x100000000 + low;
      this.seconds = Math.floor(ticks / ticksPerSecond);
      this.nanoseconds = Math.round(((ticks - this.seconds * ticksPerSecond) / ticksPerSecond) * 1e9);
    } else {
      let quotient = Math.floor(high / ticksPerSecond);
      let rest = high - quotient * ticksPerSecond;
      for (const digit of [low >>> 16, low & 0xffff]) {
        const value = rest * 0x10000 + digit;
        const part = Math.floor(value / ticksPerSecond);
        quotient = quotient * 0x10000 + part;
        rest = value - part * ticksPerSecond;
      }
      this.seconds = quotient;
      this.nanoseconds = Math.round((rest / ticksPerSecond) * 1e9);
    }
    this.seconds += this.offset;
  }
}

export const MICROSECONDS: Resolution = new Resolution(6, 0);
