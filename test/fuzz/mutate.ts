import { gzipSync } from 'node:zlib';
import { orderChanges, type Piece, packetChanges, pieceOf, replaced } from './frames.js';
import { toPcapng } from './pcapng.js';
import type { Random } from './random.js';

/** A damaged version of a capture: packets and their order first, then the file around them. */
export function mutate(file: Buffer, random: Random): Buffer {
  const pieces = piecesOf(file);
  if (pieces === undefined || pieces.length === 0) return random.among(fileChanges)(file, random);
  let changed = pieces;
  for (let i = random.below(6); i > 0 && changed.length > 0; i--) {
    changed =
      random.below(3) > 0
        ? replaced(changed, random, (piece) => pieceOf(piece, random.among(packetChanges)(piece.bytes, random)))
        : random.among(orderChanges)(changed, random);
  }
  const isPcapng = random.below(4) === 0;
  let whole = isPcapng ? toPcapng(changed, random) : Buffer.concat([headerOf(file, random), ...changed.flatMap(({ head, bytes }) => [head, bytes])]);
  for (let i = random.below(3); i > 0; i--) whole = random.among(fileChanges)(whole, random);
  return whole;
}

/** The records of a classic pcap file, little endian; undefined for anything else. */
function piecesOf(file: Buffer): Piece[] | undefined {
  if (file.length < 24 || file.readUInt32LE(0) !== 0xa1b2c3d4) return undefined;
  const pieces: Piece[] = [];
  for (let at = 24; at + 16 <= file.length; ) {
    const length = file.readUInt32LE(at + 8);
    if (at + 16 + length > file.length) break;
    pieces.push({ head: file.subarray(at, at + 16), bytes: file.subarray(at + 16, at + 16 + length) });
    at += 16 + length;
  }
  return pieces;
}

const LINK_TYPES: readonly number[] = [
  0, 1, 6, 7, 9, 12, 50, 51, 101, 104, 105, 107, 108, 113, 127, 129, 189, 228, 229, 239, 276, 0xffff, 0x14000001,
];

function headerOf(file: Buffer, random: Random): Buffer {
  const header = Buffer.from(file.subarray(0, 24));
  const what = random.below(12);
  if (what === 0) header.writeUInt32LE(random.among(LINK_TYPES), 20);
  if (what === 1) header.writeUInt32LE(random.among([0, 64, 262144, 0xffffffff]), 16);
  if (what === 2) header.writeUInt32LE(random.among([0xa1b23c4d, 0xa1b2cd34, 0xd4c3b2a1]), 0);
  if (what === 3) header.writeUInt16LE(random.among([2, 3, 4, 543]), 6);
  return header;
}

const fileChanges: readonly ((file: Buffer, random: Random) => Buffer)[] = [
  (file) => file,
  (file, random) => file.subarray(0, random.below(file.length + 1)),
  (file, random) => Buffer.concat([file, file.subarray(random.below(file.length))]),
  (file, random) => {
    const at = random.below(file.length);
    return Buffer.concat([file.subarray(0, at), Buffer.alloc(1 + random.below(40), random.below(256)), file.subarray(at)]);
  },
  (file, random) => {
    const at = random.below(file.length);
    return Buffer.concat([file.subarray(0, at), file.subarray(at + 1 + random.below(40))]);
  },
  (file, random) => {
    const changed = Buffer.from(file);
    for (let i = Math.ceil(file.length * random.among([0.0002, 0.02, 0.1])); i > 0; i--) changed[random.below(file.length)] = random.below(256);
    return changed;
  },
  (file) => gzipSync(file, { level: 1 }),
  (file, random) => {
    const packed = gzipSync(file, { level: 1 });
    packed[random.below(packed.length)] = random.below(256);
    return packed.subarray(0, packed.length - random.below(packed.length) * random.below(2));
  },
];
