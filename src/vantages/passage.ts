import { fingerprint } from './fingerprint.js';
import type { Trace } from './trace.js';

/** One direction of one conversation between two points: what passed the first and what passed the second, as records of their traces. */
export interface Passage {
  readonly up: Trace;
  readonly down: Trace;
  readonly ups: Int32Array;
  readonly downs: Int32Array;
  /** What something on the way adds to sequence and acknowledgment numbers; int32. */
  readonly seqShift: number;
  readonly ackShift: number;
}

/** What has been found so far: positions in `ups` and `downs`, -1 for none, as in a matching. */
export interface Found {
  readonly arrivals: Int32Array;
  readonly origins: Int32Array;
  readonly copies: Int32Array;
}

/** Segments that cannot be told apart by themselves, as positions in `ups` and `downs`. */
export interface Alike {
  readonly ups: number[];
  readonly downs: number[];
}

/**
 * Puts alike segments together: sequence and acknowledgment number, length, SYN, FIN and RST, TSval, and the IP ID unless something on the way
 * writes its own. A segment that is sent again has another TSval or IP ID on nearly every stack; those that have not end up in one group.
 */
export function alikes(passage: Passage): Alike[] {
  const strict = grouped(passage, true);
  const isProven = ({ ups, downs }: Alike): boolean => downs.length > 0 && ups.some((i) => idOf(passage, i) > 0);
  return strict.some(isProven) ? strict : grouped(passage, false);
}

function idOf({ up, ups }: Passage, i: number): number {
  return up.ipId[ups[i] as number] as number;
}

function grouped(passage: Passage, withIds: boolean): Alike[] {
  const { up, down, ups, downs, seqShift, ackShift } = passage;
  const groups = new Map<number, Alike>();
  const all: Alike[] = [];
  for (let i = 0; i < ups.length; i++) {
    const record = ups[i] as number;
    let key = keyOf(up, record, 0, 0, withIds);
    let group = groups.get(key);
    while (group !== undefined && !areAlike(up, ups[group.ups[0] as number] as number, up, record, 0, 0, withIds)) group = groups.get(++key);
    if (group === undefined) {
      group = { ups: [], downs: [] };
      groups.set(key, group);
      all.push(group);
    }
    group.ups.push(i);
  }
  for (let i = 0; i < downs.length; i++) {
    const record = downs[i] as number;
    let key = keyOf(down, record, seqShift, ackShift, withIds);
    let group = groups.get(key);
    while (group !== undefined && !areAlike(up, ups[group.ups[0] as number] as number, down, record, seqShift, ackShift, withIds))
      group = groups.get(++key);
    group?.downs.push(i);
  }
  return all;
}

function keyOf({ seq, ack, flags, length, tsval, ipId }: Trace, i: number, seqShift: number, ackShift: number, withIds: boolean): number {
  const print = fingerprint(((seq[i] as number) - seqShift) | 0, ((ack[i] as number) - ackShift) | 0, flags[i] as number, tsval[i] as number);
  return print ^ Math.imul(length[i] as number, 0x61c88647) ^ (withIds ? Math.imul(ipId[i] as number, 0x2c1b3c6d) : 0);
}

const KINDS = 0x17; // FIN, SYN, RST, ACK

function areAlike(a: Trace, i: number, b: Trace, j: number, seqShift: number, ackShift: number, withIds: boolean): boolean {
  const flags = (a.flags[i] as number) & KINDS;
  const isAck = (flags & 0x10) !== 0;
  return (
    a.seq[i] === (((b.seq[j] as number) - seqShift) | 0) &&
    a.length[i] === b.length[j] &&
    flags === ((b.flags[j] as number) & KINDS) &&
    (!isAck || a.ack[i] === (((b.ack[j] as number) - ackShift) | 0)) &&
    a.tsval[i] === b.tsval[j] &&
    (!withIds || a.ipId[i] === b.ipId[j])
  );
}
