import { describe, expect, test } from 'vitest';
import { ip4 } from '../packets.js';
import { CLIENT, decoded, hex, IP6_SEGMENT, SEGMENT, SERVER } from './decoded.js';

const IP = ip4({ time: 0, source: CLIENT, destination: SERVER, ttl: 64, ipId: 7, ecn: 0, payload: SEGMENT, protocol: 6 });
const MAC = '020000000002 020000000001';

const behind = (head: string, packet = IP, tail = ''): Buffer => Buffer.concat([hex(head), packet, hex(tail)]);

const u16 = (value: number): string => value.toString(16).padStart(4, '0');

const udp = (port: number, payload: Buffer): Buffer =>
  ip4({
    time: 0,
    source: '10.9.0.1',
    destination: '10.9.0.2',
    ttl: 9,
    ipId: 1,
    ecn: 0,
    payload: Buffer.concat([hex(`3000 ${u16(port)} ${u16(8 + payload.length)} 0000`), payload]),
    protocol: 17,
  });

const inIp = (protocol: number, payload: Buffer): Buffer =>
  ip4({ time: 0, source: '10.9.0.1', destination: '10.9.0.2', ttl: 9, ipId: 1, ecn: 0, payload, protocol });

const withProtocol = (packet: Buffer, protocol: number): Buffer =>
  Buffer.concat([packet.subarray(0, 9), Buffer.from([protocol]), packet.subarray(10)]);

const inEthernet = behind(`${MAC} 0800`);

describe('the same segment is found', () => {
  test.each<[string, number, Buffer]>([
    ['in Ethernet', 1, inEthernet],
    ['in Ethernet, padded to the smallest frame', 1, behind(`${MAC} 0800`, IP, '00'.repeat(20))],
    ['in Ethernet with LLC and SNAP', 1, behind(`${MAC} ${u16(8 + IP.length)} aaaa03 000000 0800`)],
    ['behind an 802.1Q tag', 1, behind(`${MAC} 8100 0064 0800`)],
    ['behind two tags (QinQ)', 1, behind(`${MAC} 88a8 0064 8100 0065 0800`)],
    ['behind MPLS labels', 1, behind(`${MAC} 8847 00064040 00065140`)],
    ['in PPPoE', 1, behind(`${MAC} 8864 1100 0001 ${u16(2 + IP.length)} 0021`)],
    ['in Linux cooked mode', 113, behind('0004 0001 0006 020000000001 0000 0800')],
    ['in Linux cooked mode v2', 276, behind('0800 0000 00000003 0001 04 06 0200000000010000')],
    ['in BSD loopback of a little-endian host', 0, behind('02000000')],
    ['in BSD loopback of a big-endian host', 0, behind('00000002')],
    ['in OpenBSD loopback', 108, behind('00000002')],
    ['as raw IP', 101, IP],
    ['as raw IPv4', 228, IP],
    ['in PPP', 9, behind('0021')],
    ['in PPP with HDLC framing', 50, behind('ff03 0021')],
    ['in PPP with a compressed protocol', 9, behind('21')],
    ['in PPP, as a compressed connection begins (RFC 1144)', 9, behind('ff03 002f', withProtocol(IP, 3))],
    ['in Cisco HDLC', 104, behind('0f00 0800')],
    ['in frame relay', 107, behind('1841 03cc')],
    ['in token ring', 6, behind('1040 020000000002 020000000001 aaaa03 000000 0800')],
    ['in ARCNET', 7, behind('0102 d4 00 0001')],
    ['in 802.11', 105, behind('0801 0000 020000000003 020000000001 020000000002 0000 aaaa03 000000 0800')],
    [
      'in 802.11 with quality of service, behind radiotap',
      127,
      behind('00 00 0900 02000000 00 8801 0000 020000000003 020000000001 020000000002 0000 0000 aaaa03 000000 0800'),
    ],
    ['in NFLOG', 239, Buffer.concat([hex('02000000 0800 0100 08000100'), hex(`${Buffer.from([4 + IP.length, 0]).toString('hex')} 0900`), IP])],
    ['in Juniper Ethernet', 178, behind('4d4743 01', inEthernet)],
    ['in Juniper Ethernet with extensions', 178, behind('4d4743 80 0006 0101 04 0601 0e', inEthernet)],
    ['in Juniper Ethernet without a link header', 178, behind('4d4743 02 02000000')],
    ['in IPv4 in IPv4', 101, inIp(4, IP)],
    ['in GRE', 101, inIp(47, behind('0000 0800'))],
    ['in GRE with checksum, key and sequence number', 101, inIp(47, behind('b000 0800 00000000 00000001 00000002'))],
    ['in Ethernet in GRE', 101, inIp(47, behind('0000 6558', inEthernet))],
    ['in PPP in GRE (PPTP)', 101, inIp(47, behind(`3081 880b ${u16(2 + IP.length)} 0001 00000001 00000001 0021`))],
    ['in ERSPAN II', 101, inIp(47, behind('1000 88be 00000001 1001000000000000', inEthernet))],
    ['in VXLAN', 101, udp(4789, behind('08000000 00002a00', inEthernet))],
    ['in VXLAN at the old port of Linux', 101, udp(8472, behind('08000000 00002a00', inEthernet))],
    ['in Geneve with options', 101, udp(6081, behind('0100 6558 00002a00 01020304', inEthernet))],
    ['in GTP with an extension header', 101, udp(2152, behind(`34 ff ${u16(8 + IP.length)} 00000001 0000 00 85 01 10 00 00`))],
    ['in L2TP', 101, udp(1701, behind('0002 0001 0002 ff03 0021'))],
  ])('%s', async (_, linkType, bytes) => {
    const [found] = await decoded(linkType, { bytes });
    expect(found?.as).toBe('TCP');
    expect(found?.segment).toMatchObject({ family: 4, source3: 0xc0000201 | 0, destination3: 0xc6336402 | 0, ttl: 64, ipId: 7 });
    expect(found?.segment).toMatchObject({
      sourcePort: 40000,
      destinationPort: 443,
      seq: 1000,
      ack: 2000,
      flags: 0x18,
      window: 512,
      length: 5,
      end: 1005,
    });
    expect(found?.segment.checksumVerdict).toBe(1);
  });

  test.each<[string, number, Buffer]>([
    ['in Ethernet', 1, behind(`${MAC} 86dd`, IP6_SEGMENT)],
    ['in OpenBSD loopback', 108, behind('00000018', IP6_SEGMENT)],
    ['as raw IPv6', 229, IP6_SEGMENT],
    ['in PPP', 9, behind('0057', IP6_SEGMENT)],
    ['in IPv6 in IPv4', 101, inIp(41, IP6_SEGMENT)],
  ])('with IPv6 %s', async (_, linkType, bytes) => {
    const [found] = await decoded(linkType, { bytes });
    expect(found?.as).toBe('TCP');
    expect(found?.segment).toMatchObject({
      family: 6,
      source0: 0x20010db8,
      source3: 1,
      destination3: 2,
      ttl: 64,
      ipId: -1,
      sourcePort: 40000,
      seq: 1000,
      length: 5,
    });
  });
});

describe('a frame without a segment says what it is', () => {
  test.each<[string, number, Buffer, string]>([
    ['ARP', 1, hex(`${MAC} 0806 0001080006040001 020000000001 0a000001 000000000000 0a00004d`), 'ARP or neighbour discovery'],
    ['ARP cut short', 1, hex(`${MAC} 0806 0001080006040001`), 'cut too short'],
    ['a question of ARP that is none', 1, hex(`${MAC} 0806 0001080006040009 020000000001 0a000001 000000000000 0a00004d`), 'not IP'],
    ['LLDP', 1, hex(`${MAC} 88cc 0207`), 'not IP'],
    ['a spanning tree frame', 1, hex(`${MAC} 0026 424203 0000000000 00000000`), 'not IP'],
    ['UDP', 101, udp(53, Buffer.alloc(12)), 'not TCP'],
    ['an unknown link type', 147, IP, 'unknown link type'],
    ['a frame of another kind of Juniper', 178, hex('4d4744 00 00000000'), 'not IP'],
    ['one whose extensions are cut', 178, hex('4d4743 80 0010 0101 04'), 'cut too short'],
    ['an encrypted 802.11 frame', 105, behind('0841 0000 020000000003 020000000001 020000000002 0000'), 'not IP'],
    ['an IPv4 header shorter than itself', 101, hex('44000028000040004006000000000000000000000000000000000000'), 'malformed'],
    ['a frame that ends inside the IP header', 101, IP.subarray(0, 12), 'cut too short'],
    ['a frame that ends inside the ports', 101, IP.subarray(0, 22), 'cut too short'],
    ['tags without end', 1, hex(`${MAC} ${'8100 0001'.repeat(40)}`), 'malformed'],
  ])('%s', async (_, linkType, bytes, as) => {
    expect((await decoded(linkType, { bytes })).map((found) => found.as)).toEqual([as]);
  });
});

describe('what the snaplen cut off is known from the IP header', () => {
  test('of a segment cut behind its header the length stays right, and its checksum is not judged', async () => {
    const [found] = await decoded(101, { bytes: IP.subarray(0, 40), original: IP.length });
    expect(found?.segment).toMatchObject({ length: 5, end: 1005, optionsCut: false, checksumVerdict: 0 });
  });

  test('with 16 bytes of the TCP header the segment still counts', async () => {
    const [found] = await decoded(101, { bytes: IP.subarray(0, 36), original: IP.length });
    expect(found).toMatchObject({ as: 'TCP', segment: { seq: 1000, window: 512, length: 5, optionsCut: true } });
  });

  test('a packet that the network card will cut into segments has no length in its header', async () => {
    const offloaded = Buffer.from(IP);
    offloaded.writeUInt16BE(0, 2);
    const [found] = await decoded(101, { bytes: offloaded });
    expect(found?.segment.length).toBe(5);
  });
});
