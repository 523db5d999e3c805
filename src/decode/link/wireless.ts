import type { Packet } from '../packet.js';
import { CUT, NOT_IP, type Skipped } from '../skipped.js';
import { decodeLlc } from './ethernet.js';

const DATA = 2;

/** IEEE 802.11 data frames that are not encrypted. */
export function decodeWireless(packet: Packet): Skipped {
  if (packet.left < 24) return CUT;
  const { view, at } = packet;
  const control = view.getUint8(at);
  const flags = view.getUint8(at + 1);
  const subtype = control >>> 4;
  const isEncrypted = (flags & 0x40) !== 0;
  const hasNoData = (subtype & 4) !== 0;
  if (((control >>> 2) & 3) !== DATA || isEncrypted || hasNoData) return NOT_IP;
  const hasFourAddresses = (flags & 3) === 3;
  const hasQuality = (subtype & 8) !== 0;
  packet.at = at + 24 + (hasFourAddresses ? 6 : 0) + (hasQuality ? 2 : 0) + (hasQuality && flags & 0x80 ? 4 : 0);
  return decodeLlc(packet);
}

const PRESENT_FLAGS = 1 << 1;
const PRESENT_TIME = 1 << 0;
const PRESENT_MORE = 2 ** 31;
const HAS_CHECK_SEQUENCE = 0x10;

/** https://www.radiotap.org: a header that says how long it is, and whether a check sequence ends the frame. */
export function decodeRadiotap(packet: Packet): Skipped {
  if (packet.left < 8) return CUT;
  const { view, at } = packet;
  const length = view.getUint16(at + 2, true);
  const present = view.getUint32(at + 4, true);
  if (length < 8 || length > packet.left) return CUT;
  if (present & PRESENT_FLAGS && present < PRESENT_MORE && length >= 17) {
    const flagsAt = at + 8 + (present & PRESENT_TIME ? 8 : 0);
    if (view.getUint8(flagsAt) & HAS_CHECK_SEQUENCE) packet.limit(packet.wireEnd - packet.at - 4);
  }
  packet.at = at + length;
  return decodeWireless(packet);
}
