import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { ethernet, type PacketSpec, pcap, tcpBytes } from '../packets.js';

export const [FIN, SYN, RST, PSH, ACK, URG] = [1, 2, 4, 8, 16, 32] as const;

/** What one segment is to be, in terms of what its flow has sent so far. */
export interface Step {
  isForward: boolean;
  flow: number;
  flags: number;
  /** Where it starts, and how long it is. */
  from: 'next' | 'next - 1' | 'again' | 'ahead' | 'first' | 'next - length';
  length: number;
  ack: 'next' | 'next - 1' | 'old' | 'beyond' | 'none';
  window: number;
  /** Which of the style's. */
  options: number;
  /** Milliseconds since the one before. */
  wait: number;
  /** Bytes that the snaplen leaves of the TCP header; 0 = all. */
  cut: number;
}

/** What the conversations are like, beside their steps. */
export interface Style {
  /** Options of segments with and without SYN; KEY is a key of Multipath TCP that belongs to the flow and the sequence number, TOKEN tells one. */
  handshake: readonly string[];
  later: readonly string[];
  /** Of every run others. */
  ends(run: number): readonly [client: string, server: string];
  /** Puts a segment into a frame. */
  carry(packet: PacketSpec, step: Step): Buffer;
  /** Bytes that this puts before the TCP header. */
  before: number;
}

export const PLAIN: Style = {
  handshake: ['', '020405b4', '020405b401030307', '020405b403030201', '020405b40103030004020101'],
  later: ['', '', '', '0101050a0000100000002000', '0101051200001000000011000000200000002064'],
  ends: (run) => [`10.0.${run}.1`, `10.0.${run}.2`],
  carry: ethernet,
  before: 34,
};

export const step: fc.Arbitrary<Step> = fc.record({
  isForward: fc.boolean(),
  flow: fc.nat({ max: 5 }),
  flags: fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(ACK, ACK | PSH) },
    { weight: 2, arbitrary: fc.constantFrom(SYN, SYN | ACK) },
    { weight: 2, arbitrary: fc.constantFrom(FIN | ACK, RST, RST | ACK, FIN) },
    { weight: 1, arbitrary: fc.constantFrom(0, URG, SYN | FIN, PSH) },
  ),
  from: fc.constantFrom('next', 'next', 'next', 'next - 1', 'again', 'ahead', 'first', 'next - length'),
  length: fc.constantFrom(0, 0, 0, 1, 2, 100, 536, 1448),
  ack: fc.constantFrom('next', 'next', 'next', 'next - 1', 'old', 'beyond', 'none'),
  window: fc.constantFrom(0, 0, 1, 100, 500, 500, 65535),
  options: fc.nat({ max: 59 }),
  wait: fc.constantFrom(0, 0.5, 1, 2.999, 3, 3.001, 19.999, 20, 500, -5),
  cut: fc.oneof({ weight: 30, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constantFrom(15, 16, 19, 20, 24, 26) }),
});

function mptcpKey(run: number, flow: number, isForward: boolean, seq: number): string {
  return `${run}${flow}${isForward ? 1 : 2}`.padStart(8, '0') + (seq >>> 0).toString(16).padStart(8, '0');
}

/** Of the key with which the first flow may begin (RFC 6824). */
function mptcpToken(run: number): string {
  return createHash('sha1')
    .update(Buffer.from(mptcpKey(run, 0, true, 0), 'hex'))
    .digest('hex')
    .slice(0, 8);
}

/** Initial sequence numbers near every edge of the number space. */
const BASES = [0, 1, 0x7ffffff0, 0xfffffff0, 0xffffff00, 1000];

interface Side {
  next: number;
  last: number;
  first: number;
}

/** Plays the steps and writes what comes out to a capture. */
export function play(steps: readonly Step[], { handshake, later, ends, carry, before }: Style = PLAIN, run = 0): Buffer {
  const [client, server] = ends(run);
  const sides = new Map<string, Side>();
  const sideOf = (flow: number, isForward: boolean): Side => {
    const key = `${flow}${isForward}`;
    const first = BASES[(flow + (isForward ? 0 : 3)) % BASES.length] as number;
    const side = sides.get(key) ?? { next: first, last: first, first };
    sides.set(key, side);
    return side;
  };
  let time = 10;
  return pcap(
    steps.map((one) => {
      time = Math.max(0, time + one.wait / 1000);
      const side = sideOf(one.flow, one.isForward);
      const peer = sideOf(one.flow, !one.isForward);
      const starts = {
        next: side.next,
        'next - 1': side.next - 1,
        again: side.last,
        ahead: side.next + 1448,
        first: side.first,
        'next - length': side.next - one.length,
      };
      const acks = { next: peer.next, 'next - 1': peer.next - 1, old: peer.last, beyond: peer.next + 700, none: 0 };
      const seq = starts[one.from] >>> 0;
      const isNewer = ((seq + one.length - side.next) | 0) > 0;
      side.last = seq;
      if (isNewer || one.flags & (SYN | FIN)) side.next = (seq + one.length + (one.flags & (SYN | FIN) ? 1 : 0)) >>> 0;
      const ports = { sourcePort: 40000 + one.flow, destinationPort: 80 };
      const between = one.isForward
        ? { source: client, destination: server, ...ports }
        : { source: server, destination: client, sourcePort: 80, destinationPort: ports.sourcePort };
      const choice = one.flags & SYN ? handshake : later;
      const chosen = choice[one.options % choice.length] ?? '';
      const options = Buffer.from(chosen.replace('KEY', mptcpKey(run, one.flow, one.isForward, seq)).replace('TOKEN', mptcpToken(run)), 'hex');
      const payload = tcpBytes({
        ...between,
        seq,
        ack: acks[one.ack] >>> 0,
        flags: one.flags,
        window: one.window,
        options,
        length: one.length,
        badChecksum: false,
      });
      const bytes = carry({ ...between, time: 0, ttl: 64, ipId: 1, ecn: 0, payload, protocol: 6 }, one);
      return { time, bytes: one.cut === 0 ? bytes : bytes.subarray(0, before + one.cut), original: bytes.length };
    }),
  );
}
