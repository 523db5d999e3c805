import { Capture } from '../../src/capture/capture.js';
import { fileSource } from '../../src/capture/source.js';
import { decode } from '../../src/decode/link.js';
import { Packet } from '../../src/decode/packet.js';
import type { Segment } from '../../src/decode/segment.js';
import { SEGMENT } from '../../src/decode/skipped.js';

/** A copy of every segment of a capture. */
export async function segmentsOf(path: string): Promise<Segment[]> {
  const packet = new Packet();
  const segments: Segment[] = [];
  for await (const frame of new Capture([() => fileSource(path)])) {
    while (frame.next()) if (decode(frame, packet) === SEGMENT) segments.push(structuredClone(packet.segment));
  }
  return segments;
}
