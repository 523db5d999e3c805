import { decode } from '../../src/decode/link.js';
import { Packet } from '../../src/decode/packet.js';
import type { Segment } from '../../src/decode/segment.js';
import { SKIPPED_AS, type Skipped } from '../../src/decode/skipped.js';
import { captureOf } from '../bytes.js';
import { pcap, tcpBytes } from '../packets.js';

/** What the decoder makes of the packets in frames, one after the other: what each is, and a copy of the segment cursor behind it. */
export async function decoded(linkType: number, ...frames: { bytes: Buffer; original?: number }[]): Promise<{ as: string; segment: Segment }[]> {
  const packet = new Packet();
  const results: { as: string; segment: Segment }[] = [];
  for await (const frame of captureOf(
    pcap(
      frames.map((frame, time) => ({ ...frame, time })),
      linkType,
    ),
  )) {
    while (frame.next()) {
      note(decode(frame, packet));
      while (packet.rest.isLeft) note(packet.rest.next(packet));
    }
  }
  return results;

  function note(kind: Skipped): void {
    results.push({ as: SKIPPED_AS[kind] ?? '', segment: structuredClone(packet.segment) });
  }
}

export const hex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ''), 'hex');

export const CLIENT = '192.0.2.1';
export const SERVER = '198.51.100.2';

/** Five bytes of payload from CLIENT:40000 to SERVER:443. */
export const SEGMENT = tcpBytes({
  source: CLIENT,
  destination: SERVER,
  sourcePort: 40000,
  destinationPort: 443,
  seq: 1000,
  ack: 2000,
  flags: 0x18,
  window: 512,
  options: Buffer.alloc(0),
  length: 5,
  badChecksum: false,
});

/** The same in IPv6; the checksum is not made to fit. */
export const IP6_SEGMENT = ip6(6, SEGMENT);

/** An IPv6 packet from 2001:db8::1 to 2001:db8::2 with hop limit 64. */
export function ip6(next: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(40);
  header[0] = 0x60;
  header.writeUInt16BE(payload.length, 4);
  header[6] = next;
  header[7] = 64;
  hex('20010db8000000000000000000000001').copy(header, 8);
  hex('20010db8000000000000000000000002').copy(header, 24);
  return Buffer.concat([header, payload]);
}
