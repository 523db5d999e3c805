import type { Packet } from './packet.js';

/** Fragments of so many packets are kept at a time; the oldest packet gives way. */
const PACKETS = 256;
/** 64 KiB in parts of 8 bytes. */
const MOST_PARTS = 8192;
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
    if (offset < HEAD && offset <= whole.captured) {
      const kept = Math.min(packet.left, HEAD - offset);
      whole.head.set(new Uint8Array(packet.view.buffer, packet.view.byteOffset + packet.at, kept), offset);
      whole.captured = Math.max(whole.captured, offset + kept);
    }
    if (whole.parts.length < MOST_PARTS) whole.parts.push([offset, offset + length]);
    if (whole.total < 0 || !covers(whole.parts, whole.total)) return false;
    this.waiting.delete(key);
    packet.view = new DataView(whole.head.buffer);
    packet.at = 0;
    packet.end = Math.min(whole.captured, whole.total);
    packet.wireEnd = whole.total;
    return true;
  }

  private find(key: string, time: number): Waiting {
    const known = this.waiting.get(key);
    if (known !== undefined && time - known.since <= PATIENCE) return known;
    const added: Waiting = { since: time, head: new Uint8Array(HEAD), captured: 0, total: -1, parts: [] };
    this.waiting.delete(key);
    this.waiting.set(key, added);
    const oldest = this.waiting.size > PACKETS ? this.waiting.keys().next().value : undefined;
    if (oldest !== undefined) this.waiting.delete(oldest);
    return added;
  }
}

interface Waiting {
  since: number;
  head: Uint8Array;
  captured: number;
  /** Bytes in all; -1 until the last fragment has been seen. */
  total: number;
  /** Seen so far, from (inclusive) and to (exclusive). */
  parts: [number, number][];
}

function covers(parts: readonly [number, number][], total: number): boolean {
  let reached = 0;
  for (const [from, to] of parts.toSorted((a, b) => a[0] - b[0])) {
    if (from > reached) return false;
    reached = Math.max(reached, to);
  }
  return reached >= total;
}
