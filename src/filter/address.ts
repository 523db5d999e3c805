/** An address as the segment cursor has it, or a network of them. */
export interface Network {
  readonly family: 4 | 6;
  /** Four words; of IPv4 the first three are 0. */
  readonly words: readonly number[];
  readonly masks: readonly number[];
}

/** "10.0.0.1", "2001:db8::1", each also with "/24" behind it; "10.1" is 10.1.0.0/16, as tcpdump has it. Undefined when it is none. */
export function parseNetwork(text: string): Network | undefined {
  const [address = '', length, ...more] = text.split('/');
  if (more.length > 0 || (length !== undefined && !/^\d{1,3}$/.test(length))) return undefined;
  const family = address.includes(':') ? 6 : 4;
  const bytes = family === 6 ? groupsOf(address) : /^\d+(\.\d+){0,3}$/.test(address) ? address.split('.').map(Number) : undefined;
  if (bytes === undefined || bytes.some((byte) => byte > 0xff)) return undefined;
  const whole = family === 6 ? 128 : 32;
  const bits = length === undefined ? bytes.length * 8 : Number(length);
  if (bits > whole) return undefined;
  return network(family, bytes, prefixMask(bits, whole));
}

/** A network by its address and "255.255.0.0". */
export function parseMasked(address: string, mask: string): Network | undefined {
  const [network4, mask4] = [parseNetwork(address), parseNetwork(mask)];
  if (network4?.family !== 4 || mask4?.family !== 4) return undefined;
  const masks = [-1, -1, -1, mask4.words[3] ?? 0];
  return { family: 4, words: network4.words.map((word, i) => word & (masks[i] ?? 0)), masks };
}

function network(family: 4 | 6, bytes: readonly number[], maskBytes: readonly number[]): Network {
  const missing = family === 4 ? 12 : 0;
  const padded = [...new Array<number>(missing).fill(0), ...bytes, ...new Array<number>(16).fill(0)].slice(0, 16);
  const masks = wordsOf([...new Array<number>(missing).fill(0xff), ...maskBytes]);
  return { family, words: wordsOf(padded).map((word, i) => word & (masks[i] ?? 0)), masks };
}

function prefixMask(bits: number, whole: number): number[] {
  return Array.from({ length: whole / 8 }, (_, i) => 0xff & ~(0xff >> Math.min(8, Math.max(0, bits - i * 8))));
}

function wordsOf(bytes: readonly number[]): number[] {
  return [0, 4, 8, 12].map((i) => bytes.slice(i, i + 4).reduce((word, byte) => (word << 8) | byte, 0));
}

/** The sixteen bytes of an IPv6 address, its last four perhaps written as IPv4. */
function groupsOf(text: string): number[] | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [before, after] = halves.map(bytesOfHalf);
  if (before === undefined || (halves.length === 2 && after === undefined)) return undefined;
  const missing = 16 - before.length - (after?.length ?? 0);
  if (after === undefined) return missing === 0 ? before : undefined;
  return missing < 2 ? undefined : [...before, ...new Array<number>(missing).fill(0), ...after];
}

function bytesOfHalf(half: string): number[] | undefined {
  if (half === '') return [];
  const parts = half.split(':');
  const bytes: number[] = [];
  for (const [i, part] of parts.entries()) {
    if (/^[0-9a-f]{1,4}$/i.test(part)) bytes.push(Number.parseInt(part, 16) >> 8, Number.parseInt(part, 16) & 0xff);
    else if (i === parts.length - 1 && /^\d{1,3}(\.\d{1,3}){3}$/.test(part)) bytes.push(...part.split('.').map(Number));
    else return undefined;
  }
  return bytes;
}
