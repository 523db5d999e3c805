import { expect, test } from 'vitest';
import { inVxlan } from '../metamorphic/headers.js';
import { ethernet, ethernet6, pcap, tcpBytes } from '../packets.js';
import { told } from './told.js';

const ENDS = { source: '10.0.0.1', destination: '10.0.0.2', sourcePort: 40000, destinationPort: 80 };
const PACKET = { ...ENDS, time: 0, ttl: 64, ipId: 1, ecn: 0, protocol: 6 };

function segment(spec: Partial<Parameters<typeof tcpBytes>[0]> = {}): Buffer {
  return tcpBytes({ ...ENDS, seq: 1, ack: 1, flags: 16, window: 500, options: Buffer.alloc(0), length: 20, badChecksum: false, ...spec });
}

function packet(payload: Buffer, protocol = 6): Buffer {
  return ethernet({ ...PACKET, payload, protocol });
}

const PLAIN = packet(segment());
const IP = 14;
const TCP = 34;

function poked(at: number, ...bytes: number[]): Buffer {
  const changed = Buffer.from(PLAIN);
  changed.set(bytes, at);
  return changed;
}

function tagged(depth: number, tag: string): Buffer {
  return Buffer.concat([PLAIN.subarray(0, 12), ...Array.from({ length: depth }, () => Buffer.from(tag, 'hex')), PLAIN.subarray(12)]);
}

function nested(depth: number): Buffer {
  let inner = PLAIN.subarray(IP);
  for (let i = 0; i < depth; i++) inner = packet(inner, 4).subarray(IP);
  return Buffer.concat([PLAIN.subarray(0, IP), inner]);
}

/** In one more tunnel, and one more, each within the last. */
function tunnelled(depth: number, wrap: (frame: Buffer) => Buffer): Buffer {
  return Array.from({ length: depth }, () => wrap).reduce((inner, next) => next(inner), PLAIN);
}

const inGre = (frame: Buffer): Buffer => packet(Buffer.concat([Buffer.from('00000800', 'hex'), frame.subarray(IP)]), 47);

function labelled(depth: number): Buffer {
  const labels = Array.from({ length: depth }, (_, i) => Buffer.from([0, 0, i === depth - 1 ? 1 : 0, 64]));
  return Buffer.concat([PLAIN.subarray(0, 12), Buffer.from('8847', 'hex'), ...labels, PLAIN.subarray(IP)]);
}

/** A payload length of 0, and the real one in an option (RFC 2675). */
function jumbogram(): Buffer {
  const ends = { source: 'fd00::1', destination: 'fd00::2' };
  const bytes = ethernet6({ ...PACKET, ...ends, payload: Buffer.concat([Buffer.from('0600c20400010000', 'hex'), segment(ends)]), protocol: 0 });
  bytes.writeUInt16BE(0, IP + 4);
  return bytes;
}

/** Extension headers of IPv6 one behind the other, each eight bytes long. */
function extended(count: number, kind = 60, length = 0): Buffer {
  const headers = Array.from({ length: count }, (_, i) => Buffer.from([i === count - 1 ? 6 : kind, length, 1, 4, 0, 0, 0, 0]));
  const ends = { source: 'fd00::1', destination: 'fd00::2' };
  return ethernet6({ ...PACKET, ...ends, payload: Buffer.concat([...headers, segment(ends)]), protocol: kind });
}

const options = (...bytes: number[]): Buffer => packet(segment({ options: Buffer.from(bytes) }));

test.each<[string, Buffer, string]>([
  ['16 VLAN tags', tagged(16, '81000001'), '1 of 1'],
  ['64 VLAN tags', tagged(64, '81000001'), '0 of 1, 1 malformed'],
  ['IP in IP, 100 deep', nested(100), '0 of 1, 1 malformed'],
  ['GRE, 3 deep', tunnelled(3, inGre), '1 of 1'],
  ['GRE, 100 deep', tunnelled(100, inGre), '0 of 1, 1 malformed'],
  ['VXLAN, 100 deep', tunnelled(100, (frame) => inVxlan(frame, frame.length)), '0 of 1, 1 malformed'],
  ['MPLS, 3 labels', labelled(3), '1 of 1'],
  ['MPLS, 100 labels', labelled(100), '0 of 1, 1 malformed'],
  ['an IPv6 jumbogram', jumbogram(), '1 of 1'],
  ['an IP header shorter than 20 bytes', poked(IP, 0x44), '0 of 1, 1 malformed'],
  ['an IP header that leaves nothing for TCP', poked(IP, 0x4f), '0 of 1, 1 cut too short'],
  ['a total length of 0, as segmentation offload writes it', poked(IP + 2, 0, 0), '1 of 1'],
  ['a total length above the packet', poked(IP + 2, 0xff, 0xff), '1 of 1'],
  ['a total length below the header', poked(IP + 2, 0, 10), '0 of 1, 1 malformed'],
  ['a fragment whose first one is missing', poked(IP + 6, 0x00, 0x08), '0 of 1, 1 incomplete IP fragments'],
  ['IP version 7', poked(IP, 0x75), '0 of 1, 1 malformed'],
  ['3 extension headers of IPv6', extended(3), '1 of 1'],
  ['180 extension headers of IPv6', extended(180), '0 of 1, 1 malformed'],
  ['180 hop-by-hop headers of IPv6, of which only the first has a right to be there', extended(180, 0), '0 of 1, 1 malformed'],
  ['an extension header of IPv6 longer than the packet', extended(1, 60, 255), '0 of 1, 1 malformed'],
  ['an authentication header of the shortest length there is', extended(1, 51, 0), '1 of 1'],
  ['ARP', poked(12, 0x08, 0x06), '0 of 1, 1 not IP'],
  ['UDP', poked(IP + 9, 17), '0 of 1, 1 not TCP'],
  [
    'ICMP that quotes half a TCP header',
    packet(Buffer.concat([Buffer.from('0301000000000000', 'hex'), PLAIN.subarray(IP, IP + 22)]), 1),
    '0 of 1, 1 cut too short',
  ],
  ['a TCP header shorter than 20 bytes: Wireshark gives it a stream, too', poked(TCP + 12, 0x40), '1 of 1'],
  ['a TCP header longer than the segment: Wireshark gives it a stream, too', poked(TCP + 12, 0xf0), '1 of 1'],
  ['a TCP header that is cut', PLAIN.subarray(0, TCP + 10), '0 of 1, 1 cut too short'],
  ['options of length 0 and 1', options(3, 0, 8, 1), '1 of 1'],
  ['an option beyond the header', options(1, 1, 5, 40), '1 of 1'],
  ['forty bytes of nothing', options(...Array(40).fill(1)), '1 of 1'],
  ['SACK blocks of an odd length', options(5, 9, 0, 0, 0, 1, 0, 0, 0), '1 of 1'],
  ['SACK blocks that end before they begin', options(1, 1, 5, 10, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 1), '1 of 1'],
  ['a window scale of 255', packet(segment({ flags: 2, options: Buffer.from([3, 3, 255, 0]) })), '1 of 1'],
  ['all flags at once', packet(segment({ flags: 0x1ff })), '1 of 1'],
  ['no flags', packet(segment({ flags: 0 })), '1 of 1'],
  ['port 0', packet(segment({ sourcePort: 0, destinationPort: 0 })), '1 of 1'],
  [
    'a host that talks to itself',
    ethernet({ ...PACKET, destination: ENDS.source, payload: segment({ destination: ENDS.source, destinationPort: 40000 }) }),
    '1 of 1',
  ],
  ['a broadcast address', ethernet({ ...PACKET, destination: '255.255.255.255', payload: segment({ destination: '255.255.255.255' }) }), '1 of 1'],
])('%s', async (_, frame, expected) => {
  expect(await told(pcap([{ time: 0, bytes: frame }]))).toBe(expected);
});

/** Parts of one IP packet, each of them `[from, to)` of its payload. */
function fragments(parts: readonly (readonly [from: number, to: number])[], length = 40): Buffer {
  const payload = segment({ length });
  return pcap(
    parts.map(([from, to], time) => {
      const bytes = packet(payload.subarray(from, to));
      bytes.writeUInt16BE((to < payload.length ? 0x2000 : 0) | (from >> 3), IP + 6);
      return { time, bytes };
    }),
  );
}

test.each<[string, Buffer, string]>([
  [
    'one that lies within another (teardrop)',
    fragments([
      [0, 40],
      [8, 16],
      [40, 60],
    ]),
    '1 of 3, 2 incomplete IP fragments',
  ],
  [
    'two that overlap',
    fragments([
      [0, 40],
      [24, 60],
    ]),
    '1 of 2, 1 incomplete IP fragments',
  ],
  ['the same one again and again', fragments(Array.from({ length: 3000 }, () => [8, 16])), '0 of 3000, 3000 incomplete IP fragments'],
])('fragments, %s', async (_, file, expected) => {
  expect(await told(file)).toBe(expected);
});
