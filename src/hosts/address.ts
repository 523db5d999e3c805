import type { Endpoint } from '../flow/endpoint.js';

/** An address as people write it (RFC 5952). */
export function addressText(family: number, word0: number, word1: number, word2: number, word3: number): string {
  if (family === 4) return `${word3 >>> 24}.${(word3 >>> 16) & 0xff}.${(word3 >>> 8) & 0xff}.${word3 & 0xff}`;
  const groups = [word0, word1, word2, word3].flatMap((word) => [word >>> 16, word & 0xffff]);
  const { start, length } = longestZeros(groups);
  const text = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(':');
  return length < 2 ? text(groups) : `${text(groups.slice(0, start))}::${text(groups.slice(start + length))}`;
}

export function hostText({ family, address0, address1, address2, address3 }: Endpoint): string {
  return addressText(family, address0, address1, address2, address3);
}

/** IP:port, or [IPv6]:port. */
export function socketText(endpoint: Endpoint): string {
  const host = hostText(endpoint);
  return endpoint.family === 4 ? `${host}:${endpoint.port}` : `[${host}]:${endpoint.port}`;
}

/** The first of the longest runs of zero groups. */
function longestZeros(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < groups.length; start++) {
    let length = 0;
    while (groups[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
  }
  return best;
}
