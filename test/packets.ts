/** A packet as a test describes it; what is left out is ordinary. */
export interface PacketSpec {
  /** Seconds. */
  time: number;
  source: string;
  destination: string;
  ttl: number;
  ipId: number;
  ecn: number;
  payload: Buffer;
  protocol: number;
}

/** TCP header and payload, with the right checksum for these addresses (or a wrong one). */
export function tcpBytes(spec: {
  source: string;
  destination: string;
  sourcePort: number;
  destinationPort: number;
  seq: number;
  ack: number;
  flags: number;
  window: number;
  options: Buffer;
  length: number;
  badChecksum: boolean;
}): Buffer {
  const padded = Buffer.concat([spec.options, Buffer.alloc((4 - (spec.options.length % 4)) % 4)]);
  const header = Buffer.alloc(20);
  header.writeUInt16BE(spec.sourcePort, 0);
  header.writeUInt16BE(spec.destinationPort, 2);
  header.writeUInt32BE(spec.seq >>> 0, 4);
  header.writeUInt32BE(spec.ack >>> 0, 8);
  header.writeUInt16BE((((20 + padded.length) / 4) << 12) | spec.flags, 12);
  header.writeUInt16BE(spec.window, 14);
  const segment = Buffer.concat([header, padded, Buffer.alloc(spec.length, 0x61)]);
  const [source, destination] = [spec.source, spec.destination].map((text) => (text.includes(':') ? address6(text) : address(text)));
  const pseudo = Buffer.concat([source as Buffer, destination as Buffer, Buffer.from([0, 6, segment.length >> 8, segment.length & 0xff])]);
  segment.writeUInt16BE(checksum(Buffer.concat([pseudo, segment])) ^ (spec.badChecksum ? 0x5555 : 0), 16);
  return segment;
}

/** An IPv4 packet in an Ethernet frame. */
export function ethernet(spec: PacketSpec): Buffer {
  const ip = ip4(spec);
  return Buffer.concat([Buffer.from('02000000000202000000000108 00'.replace(/ /g, ''), 'hex'), ip]);
}

export function ip4({ source, destination, ttl, ipId, ecn, payload, protocol }: PacketSpec): Buffer {
  const header = Buffer.alloc(20);
  header[0] = 0x45;
  header[1] = ecn;
  header.writeUInt16BE(20 + payload.length, 2);
  header.writeUInt16BE(ipId & 0xffff, 4);
  header.writeUInt16BE(0x4000, 6);
  header[8] = ttl;
  header[9] = protocol;
  address(source).copy(header, 12);
  address(destination).copy(header, 16);
  header.writeUInt16BE(checksum(header), 10);
  return Buffer.concat([header, payload]);
}

/** An IPv6 packet in an Ethernet frame; `ttl` is its hop limit, and it has no identification. */
export function ethernet6({ source, destination, ttl, ecn, payload, protocol }: PacketSpec): Buffer {
  const header = Buffer.alloc(40);
  header.writeUInt32BE(0x60000000 + ecn * 0x100000, 0);
  header.writeUInt16BE(payload.length, 4);
  header[6] = protocol;
  header[7] = ttl;
  address6(source).copy(header, 8);
  address6(destination).copy(header, 24);
  return Buffer.concat([Buffer.from('02000000000202000000000186dd', 'hex'), header, payload]);
}

/** A classic pcap file, microseconds, little endian. */
export function pcap(frames: readonly { time: number; bytes: Buffer; original?: number }[], linkType = 1): Buffer {
  const head = Buffer.alloc(24);
  head.writeUInt32LE(0xa1b2c3d4, 0);
  head.writeUInt16LE(2, 4);
  head.writeUInt16LE(4, 6);
  head.writeUInt32LE(262144, 16);
  head.writeUInt32LE(linkType, 20);
  const records = frames.map(({ time, bytes, original }) => {
    const record = Buffer.alloc(16);
    const microseconds = Math.round(time * 1e6);
    record.writeUInt32LE(1_700_000_000 + Math.floor(microseconds / 1e6), 0);
    record.writeUInt32LE(microseconds % 1e6, 4);
    record.writeUInt32LE(bytes.length, 8);
    record.writeUInt32LE(original ?? bytes.length, 12);
    return Buffer.concat([record, bytes]);
  });
  return Buffer.concat([head, ...records]);
}

export function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += (bytes[i] ?? 0) * 256 + (bytes[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

export function address(text: string): Buffer {
  return Buffer.from(text.split('.').map(Number));
}

/** Of the form prefix::host. */
function address6(text: string): Buffer {
  const [prefix = '', host = ''] = text.split('::');
  return Buffer.from(`${prefix.padStart(4, '0').padEnd(28, '0')}${host.padStart(4, '0')}`, 'hex');
}
