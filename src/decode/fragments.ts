import type { Packet } from './packet.js';

/** Fragments of so many packets are kept at a time; the oldest packet gives way. */
const PACKETS = 256;
/** 64 KiB in parts of 64 bytes; more that do not touch are an attack on whoever keeps them in order. */
const MOST_PARTS = 1024;
/** Nanoseconds; RFC 791 and RFC 8200 give up after 15 and 60 s. */
const PATIENCE = 60e9;
/** Enough for any TCP header; payload is never kept. */
const HEAD = 128;

/** IP packets of which some fragments are missing. */
export class Fragments {
  private readonly waiting = new Map<string, Waiting>();

  /**
   * Adds what is left of `packet`, `offset` bytes into the packet that `key` names. When that packet is complete now,
   * it takes the place of the fragment and the answer is true: as in Wireshark, it belongs to the last frame to arrive.
   */
  add(key: string, offset: number, more: boolean, packet: Packet): boolean {
    const whole = this.find(key, packet.segment.time);
    const length = packet.wireEnd - packet.at;
    if (!more) whole.total = offset + length;
    const kept = Math.min(packet.left, HEAD - offset);
    if (kept > 0) {
      whole.head.set(new Uint8Array(packet.view.buffer, packet.view.byteOffset + packet.at, kept), offset);
      join(whole.kept, offset, offset + kept);
    }
    if (whole.parts.length < MOST_PARTS) join(whole.parts, offset, offset + length);
    if (whole.total < 0 || reach(whole.parts) < whole.total) return false;
    this.waiting.delete(key);
    packet.view = new DataView(whole.head.buffer);
    packet.at = 0;
    packet.end = Math.min(reach(whole.kept), whole.total);
    packet.wireEnd = whole.total;
    return true;
  }

  private find(key: string, time: number): Waiting {
    const known = this.waiting.get(key);
    if (known !== undefined && time - known.since <= PATIENCE) return known;
    const added: Waiting = { since: time, head: new Uint8Array(HEAD), kept: [], total: -1, parts: [] };
    this.waiting.delete(key);
    this.waiting.set(key, added);
    const oldest = this.waiting.size > PACKETS ? this.waiting.keys().next().value : undefined;
    if (oldest !== undefined) this.waiting.delete(oldest);
    return added;
  }
}

/** From (inclusive) and to (exclusive), in bytes from the start of the packet. */
type Part = [from: number, to: number];

interface Waiting {
  since: number;
  head: Uint8Array;
  /** Parts of the head that were captured, in order; they neither overlap nor touch, */
  kept: Part[];
  /** Bytes in all; -1 until the last fragment has been seen. */
  total: number;
  /** and those that were on the wire, likewise. */
  parts: Part[];
}

/** Adds a part to others that are in order, and neither overlap nor touch. */
function join(parts: Part[], from: number, to: number): void {
  let first = parts.length;
  while (first > 0 && (parts[first - 1] as Part)[1] >= from) first--;
  let behind = first;
  while (behind < parts.length && (parts[behind] as Part)[0] <= to) behind++;
  const begins = first < behind ? Math.min(from, (parts[first] as Part)[0]) : from;
  const ends = first < behind ? Math.max(to, (parts[behind - 1] as Part)[1]) : to;
  parts.splice(first, behind - first, [begins, ends]);
}

/** How far the parts reach from the start without a hole. */
function reach([first]: readonly Part[]): number {
  return first !== undefined && first[0] === 0 ? first[1] : 0;
}
