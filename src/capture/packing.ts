import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';

/** A way to compress files that the runtime can undo. */
export interface Packing {
  readonly name: string;
  readonly signature: readonly number[];
  readonly unpacker: (options: { chunkSize: number }) => Unpacker;
  /** The runtime unpacks one piece of a file; what follows is for another unpacker. */
  readonly isPieceByPiece: boolean;
}

/** `bytesWritten`: those that it has used. */
export type Unpacker = Transform & { readonly bytesWritten: number };

/** Since Node 22.15. */
const { createZstdDecompress } = zlib as { createZstdDecompress?: Packing['unpacker'] };

const GZIP: Packing = { name: 'gzip', signature: [0x1f, 0x8b], unpacker: (options) => zlib.createGunzip(options), isPieceByPiece: false };
const PACKINGS: readonly Packing[] =
  createZstdDecompress === undefined
    ? [GZIP]
    : [GZIP, { name: 'zstd', signature: [0x28, 0xb5, 0x2f, 0xfd], unpacker: createZstdDecompress, isPieceByPiece: true }];

/** How a file that begins so is packed; undefined when it is not, or the runtime cannot undo it. */
export function packingOf(head: Uint8Array): Packing | undefined {
  return PACKINGS.find(({ signature }) => signature.every((byte, i) => head[i] === byte));
}
