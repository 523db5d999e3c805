import { unpacked } from './compressed.js';
import { CaptureError } from './error.js';
import { packingOf } from './packing.js';
import { HEADER, PcapRecords, pcapVariant } from './pcap.js';
import { PcapngRecords, SECTION_HEADER } from './pcapng.js';
import type { Records } from './records.js';
import type { ByteSource } from './source.js';
import { Window } from './window.js';

/** An input that was recognised as a capture, ready to be read. */
export interface Opened {
  /** What was opened, and what is read of it: the same, or unpacked. */
  readonly raw: ByteSource;
  readonly source: ByteSource;
  readonly window: Window;
  readonly records: Records;
}

/** Recognises a capture by its first bytes, never by its name. Throws CaptureError for anything else. */
export async function open(source: ByteSource): Promise<Opened> {
  let window = new Window(source);
  await window.need(HEADER);
  let opened = source;
  const packing = packingOf(window.bytes.subarray(0, window.limit));
  if (packing !== undefined) {
    opened = unpacked(startingWith(window.bytes.slice(0, window.limit), source), packing);
    window = new Window(opened);
    await window.need(HEADER);
  }
  try {
    return { raw: source, source: opened, window, records: recognise(window, opened) };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

function recognise(window: Window, source: ByteSource): Records {
  const { name } = source;
  if (window.ready === 0) throw new CaptureError(`${name} is empty: ${source.damage ?? 'no byte was written to it'}`);
  if (window.ready >= HEADER) {
    if (pcapVariant(window.view) !== undefined) return new PcapRecords(window);
    if (window.view.getUint32(0) === SECTION_HEADER) return new PcapngRecords(window);
  }
  throw new CaptureError(`${name} is not a pcap or pcapng capture: ${guess(window)}`);
}

/** What else it might be, with the next step. */
function guess(window: Window): string {
  const head = Buffer.from(window.bytes.subarray(0, Math.min(window.limit, 64)));
  const known = SIGNATURES.find(([signature]) => head.subarray(0, signature.length).equals(Buffer.from(signature, 'latin1')));
  if (known) return known[1];
  if (window.ready >= 4 && (pcapVariant(window.view) || window.view.getUint32(0) === SECTION_HEADER)) {
    return `it ends after ${window.ready} bytes, inside the file header`;
  }
  if (window.ready < 4) return `it ends after ${window.ready} ${window.ready === 1 ? 'byte' : 'bytes'}`;
  const isText = head.every((byte) => byte >= 0x20 || (byte >= 9 && byte <= 13));
  return isText ? 'it is text; record with "tcpdump -w FILE"' : 'its first bytes are unknown; "editcap -F pcapng IN OUT" may convert it';
}

const SIGNATURES: readonly (readonly [string, string])[] = [
  ['\x1f\x8b', 'it is compressed twice; unpack it first'],
  ['\x28\xb5\x2f\xfd', 'it is compressed with zstd; run "zstd -dc FILE | tcpexplain -"'],
  ['\xfd7zXZ', 'it is compressed with xz; run "xz -dc FILE | tcpexplain -"'],
  ['\x04\x22\x4d\x18', 'it is compressed with lz4; run "lz4 -dc FILE | tcpexplain -"'],
  ['BZh', 'it is compressed with bzip2; run "bzip2 -dc FILE | tcpexplain -"'],
  ['PK\x03\x04', 'it is a zip archive; unpack it first'],
  ['{"part":1,', 'it is a part of a report; give all of them to "tcpexplain merge"'],
  ['\x89PNG', 'it is a PNG image'],
  ['\x7fELF', 'it is a program'],
  ['snoop\0', 'it is in the snoop format; convert it with "editcap -F pcapng IN OUT"'],
];

/** A source whose first bytes have been read already. */
function startingWith(head: Uint8Array, rest: ByteSource): ByteSource {
  let position = 0;
  return {
    name: rest.name,
    ...(rest.size !== undefined && { size: rest.size }),
    ...(rest.isLive !== undefined && { isLive: rest.isLive }),
    get damage() {
      return rest.damage;
    },
    read: async (target) => {
      if (position >= head.length) return rest.read(target);
      const part = head.subarray(position, position + target.length);
      target.set(part);
      position += part.length;
      return part.length;
    },
    close: () => rest.close(),
  };
}
