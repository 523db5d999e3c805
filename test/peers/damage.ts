import { gzipSync } from 'node:zlib';

/** A capture cut, lengthened or rearranged in sixteen ways that tell nothing about the packets in it. Classic pcap, little endian. */
export function structural(file: Buffer): Buffer[] {
  const second = 24 + 16 + file.readUInt32LE(32);
  const word = (at: number, value: number): Buffer => {
    const changed = Buffer.from(file);
    changed.writeUInt32LE(value, at);
    return changed;
  };
  return [
    Buffer.alloc(0),
    file.subarray(0, 10),
    file.subarray(0, 24),
    file.subarray(0, second + 7), // within the header of a record
    file.subarray(0, file.length - 5), // within a record
    file.subarray(0, file.length >> 1),
    Buffer.concat([file, file]),
    Buffer.concat([file.subarray(0, second), Buffer.alloc(64, 0xff), file.subarray(second)]),
    Buffer.concat([file.subarray(0, second), Buffer.alloc(64), file.subarray(second)]),
    word(second + 8, 0x7fffffff), // captured length
    word(second + 8, 0xffffffff),
    word(second + 8, 262145),
    word(second + 12, 0), // original length
    word(16, 0), // snaplen
    word(20, 0xffff), // link type
    word(4, 543), // version
  ];
}

const GIGABYTE = 1 << 30;
const PART = 1 << 20;

/** A gigabyte of zeros in a megabyte of gzip. */
export function bomb(file: Buffer): Buffer {
  const part = gzipSync(Buffer.alloc(PART), { level: 9 });
  return Buffer.concat([gzipSync(file.subarray(0, 24)), ...Array.from({ length: GIGABYTE / PART }, () => part)]);
}
