import type { Random } from './random.js';

/** A record of a classic pcap file with its header. */
export interface Piece {
  readonly head: Buffer;
  readonly bytes: Buffer;
}

const IP4 = 0x0800;

/** Values at which lengths and counters go wrong. */
const EDGES: readonly number[] = [
  0, 1, 2, 3, 4, 5, 7, 8, 15, 16, 20, 31, 40, 60, 127, 128, 254, 255, 0x7fff, 0xffff, 0x7fffffff, 0xfffffff0, 0xffffffff,
];

/** Changes inside the packets: a field of a header gets a value that it should not have. */
export const packetChanges: readonly ((bytes: Buffer, random: Random) => Buffer)[] = [
  (bytes, random) => poke(bytes, random.below(bytes.length), random.below(256)),
  (bytes, random) => poke(bytes, random.below(Math.min(bytes.length, 80)), random.among(EDGES) & 0xff),
  (bytes, random) => poke(bytes, ipOf(bytes), random.below(256)), // version and header length
  (bytes, random) => poke16(bytes, ipOf(bytes) + 2, random.among(EDGES)), // total length
  (bytes, random) => poke16(bytes, ipOf(bytes) + 6, random.word()), // flags and fragment offset
  (bytes, random) => poke(bytes, ipOf(bytes) + 9, random.among([1, 4, 6, 17, 41, 43, 44, 47, 50, 51, 58, 60, 115, 132])), // protocol
  (bytes, random) => poke16(bytes, 12, random.among([0x800, 0x806, 0x8100, 0x86dd, 0x8847, 0x8864, 0x88a8, 0x8903, 0x9100])),
  (bytes, random) => poke(bytes, tcpOf(bytes) + 12, random.below(256)), // data offset
  (bytes, random) => poke(bytes, tcpOf(bytes) + 13, random.below(256)), // flags
  (bytes, random) => poke16(bytes, tcpOf(bytes) + random.among([4, 6, 8, 10]), random.word()), // sequence and acknowledgment
  (bytes, random) => poke16(bytes, tcpOf(bytes) + 14, random.among(EDGES)), // window
  (bytes, random) => poke16(bytes, tcpOf(bytes) + random.among([0, 2]), random.among([0, 53, 80, 4789, 6081, 2152, 65535])), // ports
  (bytes, random) => poke(bytes, tcpOf(bytes) + 20 + random.below(20), random.among([0, 1, 2, 3, 4, 5, 8, 30, 34, 255])), // options
  (bytes, random) => bytes.subarray(0, random.below(bytes.length + 1)),
  (bytes, random) => Buffer.concat([bytes, Buffer.alloc(random.among([1, 4, 60, 1500]), random.below(256))]),
  (bytes, random) => nested(bytes, random.among([2, 20, 100, 400])),
  (bytes) => Buffer.concat([bytes.subarray(0, ipOf(bytes)), bytes.subarray(ipOf(bytes), tcpOf(bytes)), bytes.subarray(ipOf(bytes))]), // IP in IP
];

/** Changes of the order and number of packets. */
export const orderChanges: readonly ((pieces: Piece[], random: Random) => Piece[])[] = [
  (pieces, random) => pieces.toSpliced(random.below(pieces.length), 1 + random.below(5)),
  (pieces, random) => pieces.toSpliced(random.below(pieces.length), 0, random.among(pieces)),
  (pieces) => [...pieces, ...pieces],
  (pieces) => pieces.toReversed(),
  (pieces, random) => pieces.slice(random.below(pieces.length)),
  (pieces, random) => {
    const from = random.below(pieces.length);
    return [...pieces.slice(from), ...pieces.slice(0, from)];
  },
  (pieces, random) => pieces.map((piece) => (random.below(4) > 0 ? piece : withField(piece, random.among([0, 4]), random.word()))), // time
  (pieces, random) => replaced(pieces, random, (piece) => withField(piece, random.among([8, 12]), random.among([...EDGES, 262144, 262145]))),
];

export function replaced(pieces: Piece[], random: Random, change: (piece: Piece) => Piece): Piece[] {
  const at = random.below(pieces.length);
  return pieces.map((piece, i) => (i === at ? change(piece) : piece));
}

/** With lengths that fit. */
export function pieceOf({ head }: Piece, bytes: Buffer): Piece {
  return { head: poke32(poke32(head, 8, bytes.length), 12, Math.max(bytes.length, head.readUInt32LE(12))), bytes };
}

function withField({ head, bytes }: Piece, at: number, value: number): Piece {
  return { head: poke32(head, at, value), bytes };
}

/** VLAN tags one in another. */
function nested(bytes: Buffer, depth: number): Buffer {
  return Buffer.concat([bytes.subarray(0, 12), ...Array.from({ length: depth }, () => Buffer.from('81000001', 'hex')), bytes.subarray(12)]);
}

function ipOf(bytes: Buffer): number {
  return bytes.length > 20 ? 14 : 0;
}

function tcpOf(bytes: Buffer): number {
  if (bytes.length < 40) return 0;
  return bytes.readUInt16BE(12) === IP4 ? 14 + (bytes.readUInt8(14) & 15) * 4 : 54;
}

function poke(bytes: Buffer, at: number, value: number): Buffer {
  if (at >= bytes.length) return bytes;
  const changed = Buffer.from(bytes);
  changed[at] = value;
  return changed;
}

function poke16(bytes: Buffer, at: number, value: number): Buffer {
  return poke(poke(bytes, at, (value >>> 8) & 0xff), at + 1, value & 0xff);
}

function poke32(bytes: Buffer, at: number, value: number): Buffer {
  const changed = Buffer.from(bytes);
  changed.writeUInt32LE(value >>> 0, at);
  return changed;
}
