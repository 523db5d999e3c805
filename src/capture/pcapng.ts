import { type Direction, type Frame, INBOUND, OUTBOUND, UNKNOWN } from './frame.js';
import { MAXIMUM_FRAME, type Records } from './records.js';
import { MICROSECONDS, Resolution } from './resolution.js';
import type { Window } from './window.js';

// Block types, https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-05.html
export const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const OBSOLETE_PACKET = 2;
const SIMPLE_PACKET = 3;
const INTERFACE_STATISTICS = 5;
const ENHANCED_PACKET = 6;

const BYTE_ORDER = 0x1a2b3c4d;
/** Blocks up to this length are parsed whole; of longer packet blocks only the frame, of other long blocks nothing. */
const LONGEST = 1 << 19;
/** No block is longer: libpcap and Wireshark refuse it as damage, and to skip it could mean to skip all the rest. */
const MAXIMUM_BLOCK = 1 << 24;
/** Of one section; no machine has so many, and a file of nothing else would fill the memory. */
const MOST_INTERFACES = 1 << 18;

interface Interface {
  linkType: number;
  snapLength: number;
  resolution: Resolution;
  /** Frames it dropped according to the last statistics block. */
  dropped: number;
}

/** pcapng: several sections in either byte order, any number of interfaces; blocks without frames are skipped. */
export class PcapngRecords implements Records {
  damage: string | undefined;
  begun = 0;
  private littleEndian = true;
  private interfaces: Interface[] = [];
  private droppedBefore = 0;

  constructor(private readonly window: Window) {}

  get dropped(): number {
    return this.interfaces.reduce((sum, one) => sum + one.dropped, this.droppedBefore);
  }

  next(frame: Frame): boolean {
    const { window } = this;
    while (this.damage === undefined && window.ready >= 12) {
      const start = window.position;
      const type = window.view.getUint32(start, this.littleEndian);
      if (type === SECTION_HEADER && !this.readByteOrder(start)) return false;
      const claimed = window.view.getUint32(start + 4, this.littleEndian);
      const length = Math.ceil(claimed / 4) * 4; // early writers left the padding out of the count
      if (length < 12 || length > MAXIMUM_BLOCK) {
        this.damage = `a block claims an impossible length of ${claimed} bytes`;
        return false;
      }
      const isPacket = type === ENHANCED_PACKET || type === SIMPLE_PACKET || type === OBSOLETE_PACKET;
      const isDescription = type === SECTION_HEADER || type === INTERFACE_DESCRIPTION;
      const isSkipped = length > LONGEST && !isPacket && !isDescription;
      if (!isSkipped && !this.isWhole(start, length, claimed)) return false;
      this.begun = window.offset;
      window.position += length;
      if (!isSkipped && (isPacket ? this.readPacket(frame, type, start, length) : this.readOther(type, start, length))) return true;
    }
    return false;
  }

  /** All of a block (of a very long one, as much as is read) is there, and its two lengths agree. */
  private isWhole(start: number, length: number, claimed: number): boolean {
    const { window } = this;
    if (window.ready < Math.min(length, LONGEST)) return false;
    if (length > LONGEST || window.view.getUint32(start + length - 4, this.littleEndian) === claimed) return true;
    this.damage = `the two lengths of a block differ (${claimed} bytes at its start)`;
    return false;
  }

  private readByteOrder(start: number): boolean {
    const { view } = this.window;
    const little = view.getUint32(start + 8, true) === BYTE_ORDER;
    if (!little && view.getUint32(start + 8, false) !== BYTE_ORDER) {
      this.damage = 'a section header has no valid byte order mark';
      return false;
    }
    this.littleEndian = little;
    return true;
  }

  /** Blocks that describe; never a frame, so always false. */
  private readOther(type: number, start: number, length: number): boolean {
    if (type === SECTION_HEADER) {
      this.droppedBefore = this.dropped;
      this.interfaces = [];
      const major = length < 28 ? 0 : this.window.view.getUint16(start + 12, this.littleEndian);
      if (major !== 1) this.damage = `version ${major} of the pcapng format is unknown`;
    }
    if (type === INTERFACE_DESCRIPTION && length >= 20) this.readInterface(start, length);
    if (type === INTERFACE_STATISTICS && length >= 24) this.readStatistics(start, length);
    return false;
  }

  private readInterface(start: number, length: number): void {
    const { view } = this.window;
    const added = {
      linkType: view.getUint16(start + 8, this.littleEndian),
      snapLength: view.getUint32(start + 12, this.littleEndian) || MAXIMUM_FRAME,
      resolution: MICROSECONDS,
      dropped: 0,
    };
    let exponent = 6;
    let offsetSeconds = 0;
    this.forEachOption(start + 16, start + length - 4, (code, at, size) => {
      if (code === 9 && size === 1) exponent = view.getUint8(at); // if_tsresol
      if (code === 14 && size === 8) offsetSeconds = Number(view.getBigInt64(at, this.littleEndian)); // if_tsoffset
    });
    if (exponent !== 6 || offsetSeconds !== 0) added.resolution = new Resolution(exponent, offsetSeconds);
    if (this.interfaces.length < MOST_INTERFACES) this.interfaces.push(added);
    else this.damage = `a section describes more than ${MOST_INTERFACES} interfaces`;
  }

  private readStatistics(start: number, length: number): void {
    const { view } = this.window;
    const reported = this.interfaces[view.getUint32(start + 8, this.littleEndian)];
    this.forEachOption(start + 20, start + length - 4, (code, at, size) => {
      const isDropCount = code === 5 || code === 7; // isb_ifdrop, isb_osdrop
      if (reported && isDropCount && size === 8) reported.dropped = Number(view.getBigUint64(at, this.littleEndian));
    });
  }

  private readPacket(frame: Frame, type: number, start: number, length: number): boolean {
    const { view } = this.window;
    const simple = type === SIMPLE_PACKET;
    const data = start + (simple ? 12 : 28);
    const number = simple
      ? 0
      : type === OBSOLETE_PACKET
        ? view.getUint16(start + 8, this.littleEndian)
        : view.getUint32(start + 8, this.littleEndian);
    const from = this.interfaces[number];
    if (from === undefined) {
      this.damage = `a packet names interface ${number}, which the file does not describe`;
      return false;
    }
    if (length < (simple ? 16 : 32)) {
      this.damage = `a packet block claims an impossible length of ${length} bytes`;
      return false;
    }
    const original = view.getUint32(start + (simple ? 8 : 24), this.littleEndian);
    const captured = simple ? Math.min(original, from.snapLength, length - 16) : view.getUint32(start + 20, this.littleEndian);
    if (captured > MAXIMUM_FRAME || data + captured > start + length - 4) {
      this.damage = `a packet block claims ${captured} captured bytes, more than it can hold`;
      return false;
    }
    if (simple) frame.captured(Number.isNaN(frame.epoch) ? 0 : frame.epoch, 0);
    else {
      const { resolution } = from;
      resolution.read(view.getUint32(start + 12, this.littleEndian), view.getUint32(start + 16, this.littleEndian));
      frame.captured(resolution.seconds, resolution.nanoseconds);
    }
    frame.bytes = this.window.bytes;
    frame.view = view;
    frame.start = data;
    frame.capturedLength = captured;
    frame.originalLength = Math.max(original, captured);
    frame.linkType = from.linkType;
    frame.interfaceId = number;
    frame.direction = type === ENHANCED_PACKET ? this.direction(data + ((captured + 3) & ~3), start + length - 4) : UNKNOWN;
    return true;
  }

  /** Option epb_flags: its two lowest bits say which way the frame went. */
  private direction(at: number, end: number): Direction {
    let found: Direction = UNKNOWN;
    if (end - at < 8 || end > this.window.limit) return found;
    this.forEachOption(at, end, (code, value, size) => {
      if (code !== 2 || size !== 4) return;
      const bits = this.window.view.getUint32(value, this.littleEndian) & 3;
      found = bits === 1 ? INBOUND : bits === 2 ? OUTBOUND : UNKNOWN;
    });
    return found;
  }

  private forEachOption(start: number, end: number, visit: (code: number, at: number, size: number) => void): void {
    const { view, limit } = this.window;
    const last = Math.min(end, limit); // of a very long block not all is there
    for (let at = start; at + 4 <= last; ) {
      const code = view.getUint16(at, this.littleEndian);
      const size = view.getUint16(at + 2, this.littleEndian);
      if (code === 0 || at + 4 + size > last) return;
      visit(code, at + 4, size);
      at += 4 + ((size + 3) & ~3);
    }
  }
}
