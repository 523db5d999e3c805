import { readFileSync } from 'node:fs';
import { Capture } from '../../src/capture/capture.js';
import type { ByteSource } from '../../src/capture/source.js';
import { follow } from '../../src/follow.js';
import { Recorder } from '../../src/vantages/record.js';
import type { Recorded } from '../../src/vantages/recorded.js';

/** A capture file that is only in memory. */
export function inMemory(name: string, bytes: Uint8Array): () => Promise<ByteSource> {
  return async () => {
    let at = 0;
    return {
      name,
      size: bytes.length,
      read: async (target) => {
        const part = bytes.subarray(at, at + target.length);
        target.set(part);
        at += part.length;
        return part.length;
      },
      close: async () => {},
    };
  };
}

export async function recorded(bytes: Uint8Array): Promise<Recorded> {
  const capture = new Capture([inMemory('memory', bytes)]);
  const recorder = new Recorder();
  const { firstTime, lastTime } = await follow(capture, {
    noted: (segment, flow, _, verdict) => recorder.noted(segment, flow, verdict),
    over: (flow) => flow.settle(),
  });
  return recorder.recorded(firstTime, lastTime, capture.epoch);
}

export function recordedFile(path: string): Promise<Recorded> {
  return recorded(readFileSync(path));
}

/** A record of a classic pcap file (microseconds, little endian). */
export interface PcapRecord {
  /** Seconds since 1970. */
  time: number;
  header: Buffer;
  bytes: Buffer;
}

export function recordsOf(file: Buffer): PcapRecord[] {
  const records: PcapRecord[] = [];
  for (let at = 24; at + 16 <= file.length; ) {
    const length = file.readUInt32LE(at + 8);
    const header = Buffer.from(file.subarray(at, at + 16));
    records.push({ time: header.readUInt32LE(0) + header.readUInt32LE(4) / 1e6, header, bytes: file.subarray(at + 16, at + 16 + length) });
    at += 16 + length;
  }
  return records;
}

/** The file with other records, each at its time. */
export function pcapWith(file: Buffer, records: readonly PcapRecord[]): Buffer {
  const parts = records.map(({ time, header, bytes }) => {
    const stamped = Buffer.from(header);
    const microseconds = Math.round((time - Math.floor(time)) * 1e6);
    stamped.writeUInt32LE(Math.floor(time) + (microseconds === 1e6 ? 1 : 0), 0);
    stamped.writeUInt32LE(microseconds === 1e6 ? 0 : microseconds, 4);
    return Buffer.concat([stamped, bytes]);
  });
  return Buffer.concat([file.subarray(0, 24), ...parts]);
}
