import type { Endpoint } from '../flow/endpoint.js';
import { mixed } from '../flow/memory/secret.js';

/** An address as four words; that of IPv4 is the last one. */
export type Address = Pick<Endpoint, 'family' | 'address0' | 'address1' | 'address2' | 'address3'>;

/** The address of an end alone. */
export function addressOf({ family, address0, address1, address2, address3 }: Address): Address {
  return { family, address0, address1, address2, address3 };
}

/** Of equal addresses the same. */
export function addressHash({ address0, address1, address2, address3 }: Address): number {
  return mixed(mixed(mixed(address0, address1), address2), address3);
}

export function isSameAddress(one: Address, other: Address): boolean {
  if (one.address3 !== other.address3 || one.family !== other.family) return false;
  return one.address2 === other.address2 && one.address1 === other.address1 && one.address0 === other.address0;
}

/** Subnets of one link are mostly of this size: 24 bits of an IPv4 address, 64 of an IPv6 address (RFC 4291 section 2.5.1). */
export function mayShareLink(one: Address, other: Address): boolean {
  if (one.family === 4) return (one.address3 ^ other.address3) >>> 8 === 0;
  return one.address0 === other.address0 && one.address1 === other.address1;
}

/** An address as people write it (RFC 5952). */
export function addressText(family: number, word0: number, word1: number, word2: number, word3: number): string {
  const slot = (Math.imul(word0 ^ word1 ^ word2 ^ word3, 0x9e3779b1) >>> 0) % KEPT;
  const known = recent[slot];
  if (known?.word3 === word3 && known.word2 === word2 && known.word1 === word1 && known.word0 === word0 && known.family === family) return known.text;
  const text = family === 4 ? text4(word3) : text6([word0, word1, word2, word3]);
  recent[slot] = { family, word0, word1, word2, word3, text };
  return text;
}

interface Written {
  readonly family: number;
  readonly word0: number;
  readonly word1: number;
  readonly word2: number;
  readonly word3: number;
  readonly text: string;
}

/** Addresses that were written recently: the same few are asked for again and again, and found quicker than written. */
const KEPT = 8191;
const recent: (Written | undefined)[] = new Array(KEPT).fill(undefined);

function text4(word: number): string {
  return `${word >>> 24}.${(word >>> 16) & 0xff}.${(word >>> 8) & 0xff}.${word & 0xff}`;
}

function text6(words: readonly number[]): string {
  const groups = words.flatMap((word) => [word >>> 16, word & 0xffff]);
  const { start, length } = longestZeros(groups);
  const text = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(':');
  return length < 2 ? text(groups) : `${text(groups.slice(0, start))}::${text(groups.slice(start + length))}`;
}

/** What `hostText` has written; undefined for any other text. */
export function addressFrom(text: string): Address | undefined {
  const [address0 = 0, address1 = 0, address2 = 0, address3 = 0] = text.includes(':') ? words6(text) : [0, 0, 0, word4(text)];
  const address = { family: text.includes(':') ? 6 : 4, address0, address1, address2, address3 };
  return hostText(address) === text ? address : undefined;
}

function word4(text: string): number {
  return text.split('.').reduce((word, byte) => (word << 8) | Number(byte), 0);
}

function words6(text: string): number[] {
  const [before = [], behind = []] = text.split('::').map((part) => part.split(':').filter((group) => group !== ''));
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - behind.length) }, () => '0');
  const groups = [...before, ...zeros, ...behind].map((group) => Number.parseInt(group, 16));
  return [0, 2, 4, 6].map((i) => ((groups[i] as number) << 16) | (groups[i + 1] as number));
}

export function hostText({ family, address0, address1, address2, address3 }: Address): string {
  return addressText(family, address0, address1, address2, address3);
}

/** IP:port, or [IPv6]:port. */
export function socketText(endpoint: Address & { readonly port: number }): string {
  return socketAt(endpoint, endpoint.port);
}

export function socketAt(host: Address, port: number): string {
  const address = hostText(host);
  return host.family === 4 ? `${address}:${port}` : `[${address}]:${port}`;
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
