import type { Piece } from './frames.js';
import type { Random } from './random.js';

/** The packets in pcapng blocks, with blocks and options that are wrong now and then. */
export function toPcapng(pieces: readonly Piece[], random: Random): Buffer {
  const interfaces = 1 + random.below(3);
  const blocks = [section(), ...Array.from({ length: interfaces }, () => description(random))];
  for (const { head, bytes } of pieces) {
    if (random.below(20) === 0) blocks.push(random.among(oddities)(random));
    blocks.push(packet(head, bytes, random.below(30) === 0 ? random.below(9) : random.below(interfaces)));
  }
  return Buffer.concat(blocks);
}

const oddities: readonly ((random: Random) => Buffer)[] = [
  section,
  description,
  (random) => block(random.word(), Buffer.alloc(random.below(50) * 4)),
  (random) => block(3, words(random.below(200)), Buffer.alloc(random.below(20) * 4)), // simple packet
  (random) => block(4, options(random)), // names
  (random) => block(5, words(random.below(4), 0, 0), options(random)), // statistics
  () => block(0x0a, words(0x544c534b, 6), Buffer.from('secret\0\0')),
  (random) => words(random.word(), random.word()),
  (random) => words(6, random.word() & 0xfff),
];

function section(): Buffer {
  return block(0x0a0d0d0a, words(0x1a2b3c4d, 1, 0xffffffff, 0xffffffff));
}

function description(random: Random): Buffer {
  return block(1, words(1, random.below(3) === 0 ? 64 : 262144), options(random));
}

/** Comments, names, time resolutions and offsets, of right and wrong lengths. */
function options(random: Random): Buffer {
  const all: Buffer[] = [];
  for (let i = random.below(4); i > 0; i--) {
    const code = random.among([0, 1, 2, 3, 5, 7, 9, 12, 14, 0x8000]);
    const length = code === 9 ? 1 : code === 14 ? 8 : random.below(40);
    const value = Buffer.from(Array.from({ length: (length + 3) & ~3 }, () => random.below(256)));
    const claimed = random.below(8) === 0 ? random.word() & 0xffff : length;
    all.push(words((claimed << 16) | code), value);
  }
  return Buffer.concat(all);
}

function packet(head: Buffer, bytes: Buffer, interfaceId: number): Buffer {
  const ticks = BigInt(head.readUInt32LE(0)) * 1_000_000n + BigInt(head.readUInt32LE(4));
  const padding = Buffer.alloc((4 - (bytes.length % 4)) % 4);
  return block(6, words(interfaceId, Number(ticks >> 32n), Number(ticks & 0xffffffffn), head.readUInt32LE(8), head.readUInt32LE(12)), bytes, padding);
}

function block(type: number, ...body: Buffer[]): Buffer {
  const length = 12 + body.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([words(type, length), ...body, words(length)]);
}

function words(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [i, value] of values.entries()) bytes.writeUInt32LE(value >>> 0, i * 4);
  return bytes;
}
