import { describe, expect, test } from 'vitest';
import { Segment } from '../../src/decode/segment.js';
import { FilterError } from '../../src/filter/error.js';
import { parseFilter } from '../../src/filter/filter.js';
import { address } from '../packets.js';

/** A SYN from 10.0.0.1:40000 to 10.0.0.2:80. */
function segment(changes: Partial<Segment> = {}): Segment {
  const given = { family: 4, source3: word('10.0.0.1'), destination3: word('10.0.0.2'), sourcePort: 40000, destinationPort: 80, flags: 2 };
  return Object.assign(new Segment(), given, changes);
}

function word(text: string): number {
  return address(text).readInt32BE();
}

/** From [2001:db8::1]:40000 to [2001:db8::2]:80. */
const IP6 = segment({
  family: 6,
  source0: 0x20010db8,
  source1: 0,
  source2: 0,
  source3: 1,
  destination0: 0x20010db8,
  destination1: 0,
  destination2: 0,
  destination3: 2,
});

describe('what tcpdump would pass, passes', () => {
  test.each([
    'host 10.0.0.1',
    '10.0.0.1',
    'src host 10.0.0.1',
    'src 10.0.0.1',
    'dst host 10.0.0.2',
    'src or dst host 10.0.0.2',
    'net 10.0.0.0/8',
    'net 10',
    'net 10.0',
    'src net 10.0.0.0/31',
    'net 10.0.0.0 mask 255.255.255.0',
    'port 80',
    'dst port 80',
    'tcp dst port 80',
    'tcp port 80',
    'portrange 80-443',
    'src portrange 39999-40000',
    'tcp',
    'ip',
    'not ip6',
    '! ip6',
    'not not tcp',
    'host 10.0.0.1 and port 80',
    'host 10.0.0.1 && (port 443 or 80)',
    'port 443 or 80',
    'host 10.0.0.9 || dst port 80',
    'src and dst net 10.0.0.0/30',
    'tcp[tcpflags] & tcp-syn != 0',
    'tcp[tcpflags] & (tcp-syn|tcp-ack) == tcp-syn',
    'tcp[13] = 2',
    'tcp[13] & 0x12 == 0x02',
    'HOST 10.0.0.1 AND PORT 80',
    '((((port 80))))',
    'not(port 81)and(port 80)',
  ])('%s', (filter) => {
    expect(parseFilter(filter)(segment())).toBe(true);
  });

  test.each([
    'host 10.0.0.3',
    'dst host 10.0.0.1',
    'src and dst host 10.0.0.1',
    'net 192.168.0.0/16',
    'port 443',
    'src port 80',
    'ip6',
    'not tcp',
    'vlan',
    'port 80 and host 10.0.0.9',
    'tcp[tcpflags] & tcp-ack != 0',
    'portrange 81-443',
    'host 2001:db8::1',
    'net ::/0',
  ])('and does not with %s', (filter) => {
    expect(parseFilter(filter)(segment())).toBe(false);
  });

  test('addresses of IPv6, however they are written', () => {
    for (const filter of [
      'host 2001:db8::1',
      'host 2001:0DB8:0:0:0:0:0:1',
      'host 2001:db8::0.0.0.1',
      'net 2001:db8::/32',
      'ip6',
      'ip6 host 2001:db8::2',
    ])
      expect(parseFilter(filter)(IP6), filter).toBe(true);
    for (const filter of ['host 2001:db8::3', 'net 2001:db9::/32', 'ip', 'net 0.0.0.0/0', 'host 0.0.0.1'])
      expect(parseFilter(filter)(IP6), filter).toBe(false);
  });

  test('tags of VLANs', () => {
    expect(parseFilter('vlan')(segment({ vlan: 7 }))).toBe(true);
    expect(parseFilter('vlan 7 and port 80')(segment({ vlan: 7 }))).toBe(true);
    expect(parseFilter('vlan 8')(segment({ vlan: 7 }))).toBe(false);
  });

  test('and, or bind alike, from left to right', () => {
    expect(parseFilter('port 80 or port 80 and port 443')(segment())).toBe(false);
    expect(parseFilter('port 80 or (port 80 and port 443)')(segment())).toBe(true);
  });
});

describe('what is not understood is said where it stands', () => {
  test.each([
    ['host 10.0.0.1 and prot 80', 18, 'do you mean "port"?'],
    ['hots 10.0.0.1', 0, 'do you mean "host"?'],
    ['', 0, 'the filter ends where a word is missing'],
    ['host', 4, 'an address is missing after "host"'],
    ['host and port 80', 5, 'an address is missing before this'],
    ['host www.example.com', 5, 'names are not looked up'],
    ['host 10.0.0.256', 5, 'is no IP address'],
    ['host 10.0.0.0/8', 5, 'write "net 10.0.0.0/8"'],
    ['net 10.0.0.0/33', 4, 'none with so long a prefix'],
    ['src prt 80', 4, 'do you mean "port"?'],
    ['tcp.port == 80', 0, 'display filters'],
    ['port http', 5, 'is no port number'],
    ['port 65536', 5, 'is no port number'],
    ['port 1-2', 5, 'write "portrange 1-2"'],
    ['portrange 80', 10, 'a range of ports is needed'],
    ['portrange 9-8', 10, 'is no port number'],
    ['port', 4, 'a port number is missing at the end'],
    ['(port 80', 8, '")" is missing at the end'],
    ['port 80)', 7, 'nothing was opened'],
    ['port 80 port 81', 8, '"and" or "or" is missing before this'],
    ['port 80 and', 11, 'the filter ends where a word is missing'],
    ['udp port 53', 0, 'is nothing to filter by here'],
    ['tcp[0] == 1', 4, 'only the flags can be asked for'],
    ['tcp[tcpflags] tcp-syn', 14, 'a comparison is missing'],
    ['tcp[tcpflags] & tcp-sin != 0', 16, 'tcp-syn'],
    ['host 1::2::3', 5, 'is no IP address'],
  ])('%s', (filter, at, message) => {
    const complaint = complaintAbout(filter);
    expect(complaint?.message).toContain(message);
    expect(complaint?.at).toBe(at);
  });

  function complaintAbout(filter: string): FilterError | undefined {
    try {
      parseFilter(filter);
      return undefined;
    } catch (error) {
      if (error instanceof FilterError) return error;
      throw error;
    }
  }

  test('brackets without end are a complaint, not a crash', () => {
    expect(complaintAbout('('.repeat(100_000))?.message).toContain('brackets deeper than');
  });

  test('a hundred thousand alternatives are parsed and asked without recursion', () => {
    const filter = parseFilter(new Array(100_000).fill('port 1').join(' or '));
    expect(filter(segment())).toBe(false);
    expect(parseFilter(`${'not '.repeat(100_001)}port 80`)(segment())).toBe(false);
  });

  test('a word of a million letters is complained about at once', () => {
    expect(complaintAbout('a'.repeat(1_000_000))?.at).toBe(0);
  });
});
