import { type Direction, type Frame, INBOUND, OUTBOUND, UNKNOWN } from './frame.js';
import { MAXIMUM_FRAME, type Records } from './records.js';
import type { Window } from './window.js';

/** Bytes of the file header, https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-04.html */
export const HEADER = 24;

/** Length of a record's header: time, captured and original length; Kuznetzov's variant adds the interface and the packet type. */
const RECORD = 16;
const KUZNETZOV_RECORD = 24;
const KUZNETZOV = 0xa1b2cd34;

/** The magic number: how the file is to be read, or undefined for anything else than pcap. */
export function pcapVariant(view: DataView): { littleEndian: boolean; nanoseconds: boolean; record: number } | undefined {
  for (const littleEndian of [true, false]) {
    const magic = view.getUint32(0, littleEndian);
    if (magic === 0xa1b2c3d4) return { littleEndian, nanoseconds: false, record: RECORD };
    if (magic === 0xa1b23c4d) return { littleEndian, nanoseconds: true, record: RECORD };
    if (magic === KUZNETZOV) return { littleEndian, nanoseconds: false, record: KUZNETZOV_RECORD };
  }
  return undefined;
}

/** Classic pcap, microseconds and nanoseconds, both byte orders, with the tolerances of libpcap. */
export class PcapRecords implements Records {
  damage: string | undefined;
  private readonly littleEndian: boolean;
  private readonly nanosecondsPerFraction: number;
  private readonly recordHeader: number;
  private readonly linkType: number;
  private readonly snapLength: number;
  private readonly lengths: 'in order' | 'swapped' | 'perhaps swapped';

  constructor(private readonly window: Window) {
    const { view } = window;
    const variant = pcapVariant(view);
    if (variant === undefined) throw new Error('not a pcap header');
    this.littleEndian = variant.littleEndian;
    this.nanosecondsPerFraction = variant.nanoseconds ? 1 : 1000;
    this.recordHeader = variant.record;
    const major = view.getUint16(4, this.littleEndian);
    const minor = view.getUint16(6, this.littleEndian);
    this.lengths = (major === 2 && minor < 3) || minor === 543 ? 'swapped' : minor === 3 ? 'perhaps swapped' : 'in order';
    this.snapLength = view.getUint32(16, this.littleEndian) || MAXIMUM_FRAME;
    // The upper half word holds the length of a frame check sequence, not the link type.
    this.linkType = view.getUint32(20, this.littleEndian) & 0xffff;
    if (major !== 2) this.damage = `version ${major}.${minor} of the pcap format is unknown`;
    window.position = HEADER;
  }

  next(frame: Frame): boolean {
    const { window } = this;
    if (this.damage !== undefined || window.ready < this.recordHeader) return false;
    const { view, position } = window;
    let captured = view.getUint32(position + 8, this.littleEndian);
    let original = view.getUint32(position + 12, this.littleEndian);
    if (this.lengths !== 'in order' && (this.lengths === 'swapped' || captured > original)) {
      [captured, original] = [original, captured];
    }
    if (captured > MAXIMUM_FRAME) {
      this.damage = `a record claims ${captured} captured bytes (at most ${MAXIMUM_FRAME} are possible)`;
      return false;
    }
    if (window.ready < this.recordHeader + captured) return false;
    const seconds = view.getUint32(position, this.littleEndian);
    const fraction = view.getUint32(position + 4, this.littleEndian);
    frame.captured(seconds, fraction * this.nanosecondsPerFraction);
    frame.bytes = window.bytes;
    frame.view = view;
    frame.start = position + this.recordHeader;
    frame.capturedLength = Math.min(captured, this.snapLength);
    frame.originalLength = Math.max(original, captured);
    frame.linkType = this.linkType;
    frame.interfaceId = 0;
    frame.direction = UNKNOWN;
    if (this.recordHeader === KUZNETZOV_RECORD) {
      frame.interfaceId = view.getUint32(position + 16, this.littleEndian);
      frame.direction = packetType(view.getUint8(position + 22));
    }
    window.position = position + this.recordHeader + captured;
    return true;
  }
}

/** PACKET_HOST … PACKET_OUTGOING of <linux/if_packet.h>, as cooked headers carry it. */
export function packetType(type: number): Direction {
  return type === 4 ? OUTBOUND : type < 4 ? INBOUND : UNKNOWN;
}
