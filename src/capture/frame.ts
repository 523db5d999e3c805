import type { Records } from './records.js';

/**
 * The cursor every reader refills: one captured frame. Its bytes are those of the reused window and are
 * valid until the next frame is read; whoever wants to keep something copies it.
 */
export class Frame {
  /** The window: the frame's own bytes are [start, start + capturedLength). */
  bytes: Uint8Array = EMPTY;
  view: DataView = EMPTY_VIEW;
  start = 0;
  /** Bytes of the frame that are in the capture; less than `originalLength` when the snaplen cut it. */
  capturedLength = 0;
  /** Bytes the frame had on the wire. */
  originalLength = 0;
  /** 1-based over all files of the capture, as Wireshark's `frame.number`. */
  number = 0;
  /** Seconds since 1970 from which `time` counts: the second of the capture's first frame; NaN before it. */
  epoch: number = Number.NaN;
  /** Nanoseconds since `epoch`, exact for captures that span less than 104 days. */
  time = 0;
  /** LINKTYPE_ number, https://www.tcpdump.org/linktypes.html */
  linkType = 0;
  /** Where it was captured: pcapng interface, or the interface index that the link header names. */
  interfaceId = 0;
  /** Seen from the host that captured it, where the capture says so (pcapng flags, cooked link headers). */
  direction: Direction = UNKNOWN;

  /** Of the file that is being read: the times between which its frames lie, and the longest pause between two of them; nanoseconds. */
  firstTime: number = Number.POSITIVE_INFINITY;
  lastTime: number = Number.NEGATIVE_INFINITY;
  longestPause = 0;
  private records: Records | undefined;
  private linkTypes: Set<number> | undefined;

  /** From now on frames come from `records`; their link types are noted in `linkTypes`. */
  begin(records: Records, linkTypes: Set<number>): void {
    this.records = records;
    this.linkTypes = linkTypes;
    this.firstTime = Number.POSITIVE_INFINITY;
    this.lastTime = Number.NEGATIVE_INFINITY;
    this.longestPause = 0;
  }

  /** Moves on to the next frame of the chunk. False when the chunk is used up. */
  next(): boolean {
    const before = this.linkType;
    if (this.records === undefined || !this.records.next(this)) return false;
    this.number++;
    if (this.linkType !== before || this.number === 1) this.linkTypes?.add(this.linkType);
    return true;
  }

  /** Sets `time` from what the record says. */
  captured(seconds: number, nanoseconds: number): void {
    if (Number.isNaN(this.epoch)) this.epoch = seconds;
    const time = (seconds - this.epoch) * 1e9 + nanoseconds;
    this.time = time;
    if (time < this.firstTime) this.firstTime = time;
    if (time <= this.lastTime) return;
    if (time - this.lastTime > this.longestPause && this.lastTime >= this.firstTime) this.longestPause = time - this.lastTime;
    this.lastTime = time;
  }
}

/** Which way a frame went, seen from the capturing host. */
export type Direction = typeof UNKNOWN | typeof INBOUND | typeof OUTBOUND;
export const UNKNOWN = 0;
export const INBOUND = 1;
export const OUTBOUND = 2;

const EMPTY = new Uint8Array(0);
const EMPTY_VIEW = new DataView(EMPTY.buffer);
