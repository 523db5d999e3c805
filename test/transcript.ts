import { ACK, AE, CWR, ECE, FIN, PSH, RST, SYN, URG } from '../src/decode/flags.js';
import { address, ethernet, pcap, tcpBytes } from './packets.js';

/** A line of a transcript that has become a frame. */
export interface Line {
  /** Frame number, 1-based. */
  frame: number;
  text: string;
  /** What stands behind `#`. */
  marks: string[];
}

/**
 * Turns a transcript (see observations/observation.ts) into a capture file. Ports and addresses are the same for all lines of a flow; IP IDs count up per sender as on Linux,
 * and are 0 where Linux sends 0 (SYN-ACK, resets without a socket), unless `id` says otherwise. `server ADDRESS` puts another host in its place.
 */
export function capture(transcript: string): { file: Buffer; lines: Line[] } {
  const ids = new Map<string, number>();
  const lines: Line[] = [];
  const frames = transcript
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line, i) => {
      const [text = '', marks = ''] = line.split('#');
      lines.push({ frame: i + 1, text: text.trim(), marks: marks.split(/[\s,]+/).filter(Boolean) });
      return frameOf(text.trim(), ids);
    });
  return { file: pcap(frames), lines };
}

const CLIENT = '10.0.0.1';
const SERVER = '10.0.0.2';
const ROUTER = '10.0.0.254';
const SEGMENT = /^(?<time>[\d.]+) +(?<flow>\d*)(?<direction>[<>]) +(?<rest>.*)$/;
const HEADER =
  /^(?<flags>[SFRPUEWe.]+) +(?<seq>\d+):\d+\((?<length>\d+)\)(?: +ack +(?<ack>\d+))?(?: +win +(?<window>\d+))?(?: +<(?<options>[^>]*)>)?(?<extra>.*)$/;

function frameOf(text: string, ids: Map<string, number>): { time: number; bytes: Buffer; original?: number } {
  const time = Number(text.split(' ')[0]);
  const kept = /\bkeep (\d+)$/.exec(text)?.[1];
  if (kept !== undefined) {
    const { bytes } = frameOf(text.replace(/ +keep \d+$/, ''), ids);
    return { time, bytes: bytes.subarray(0, Number(kept)), original: bytes.length };
  }
  if (text.includes(' arp ')) return { time, bytes: arp(text) };
  if (text.includes(' icmp ')) return { time, bytes: icmp(text) };
  const { flow = '', direction = '', rest = '' } = groups(SEGMENT, text);
  return { time, bytes: segment(flow, direction, rest, ids) };
}

function segment(flow: string, direction: string, rest: string, ids: Map<string, number>): Buffer {
  const { flags = '', seq = '0', length = '0', ack, window = '0', options = '', extra = '' } = groups(HEADER, rest);
  const bits = flagBits(flags) | (ack === undefined ? 0 : ACK);
  const ends = endsOf(flow, direction, /\bserver (\S+)/.exec(extra)?.[1]);
  const isKernelAnswer = (bits & (SYN | ACK)) === (SYN | ACK) || (bits & RST && (!(bits & ACK) || (window === '0' && seq === '0')));
  const key = `${flow}${direction}`;
  const counted = (ids.get(key) ?? 0) + 1;
  const given = /\bid (\d+)/.exec(extra)?.[1];
  if (given === undefined && !isKernelAnswer) ids.set(key, counted);
  const payload = tcpBytes({
    ...ends,
    seq: Number(seq),
    ack: Number(ack ?? 0),
    flags: bits,
    window: Number(window),
    options: optionBytes(options),
    length: Number(length),
    badChecksum: /\bbadsum\b/.test(extra),
  });
  const ipId = given !== undefined ? Number(given) : isKernelAnswer ? 0 : counted;
  return ethernet({
    ...ends,
    time: 0,
    ttl: Number(/\bttl (\d+)/.exec(extra)?.[1] ?? 64),
    ipId,
    ecn: /\bce\b/.test(extra) ? 3 : 0,
    payload,
    protocol: 6,
  });
}

function endsOf(
  flow: string,
  direction: string,
  server: string = SERVER,
): { source: string; destination: string; sourcePort: number; destinationPort: number } {
  const client = 40000 + Number(flow || 0);
  return direction === '>'
    ? { source: CLIENT, destination: server, sourcePort: client, destinationPort: 80 }
    : { source: server, destination: CLIENT, sourcePort: 80, destinationPort: client };
}

/** "icmp unreachable CODE about > …" or "icmp toobig MTU about > …": from a router, or "from server", with the whole segment quoted. */
function icmp(text: string): Buffer {
  const { kind, number, own, direction, rest } = groups(
    /icmp (?<kind>\w+) (?<number>\d+)(?<own> from server)? about (?<direction>[<>]) +(?<rest>.*)$/,
    text,
  );
  const quoted = segment('', direction ?? '', `${rest} ack 1 win 1`, new Map()).subarray(14);
  const head = Buffer.alloc(8);
  head[0] = 3;
  head[1] = kind === 'toobig' ? 4 : Number(number);
  if (kind === 'toobig') head.writeUInt16BE(Number(number), 6);
  const destination = direction === '>' ? CLIENT : SERVER;
  return ethernet({
    time: 0,
    source: own === undefined ? ROUTER : SERVER,
    destination,
    ttl: 63,
    ipId: 1,
    ecn: 0,
    payload: Buffer.concat([head, quoted.subarray(0, 48)]),
    protocol: 1,
  });
}

function arp(text: string): Buffer {
  const { target = '', sender = '' } = groups(/who-has (?<target>\S+) tell (?<sender>\S+)/, text);
  const request = Buffer.from('0001080006040001', 'hex');
  const link = Buffer.from('020000000001', 'hex');
  const ether = Buffer.from('ffffffffffff0200000000010806', 'hex');
  return Buffer.concat([ether, request, link, address(sender), Buffer.alloc(6), address(target)]);
}

const LETTERS: Readonly<Record<string, number>> = { S: SYN, F: FIN, R: RST, P: PSH, U: URG, E: ECE, W: CWR, e: AE, '.': ACK };

function flagBits(letters: string): number {
  return [...letters].reduce((bits, letter) => bits | (LETTERS[letter] ?? 0), 0);
}

/** "mss 1460,sackOK,TS val 1 ecr 0,nop,wscale 7" */
function optionBytes(text: string): Buffer {
  const parts = text
    .split(',')
    .map((part) => part.trim().split(/[ :]+/))
    .filter(([name]) => name);
  return Buffer.concat(
    parts.map(([name, ...values]) => {
      const [first = 0, , third = 0] = values.map(Number);
      if (name === 'nop') return Buffer.from([1]);
      if (name === 'mss') return Buffer.from([2, 4, first >> 8, first & 0xff]);
      if (name === 'wscale') return Buffer.from([3, 3, first]);
      if (name === 'sackOK') return Buffer.from([4, 2]);
      if (name === 'mptcp') return Buffer.from([30, 4, 0, 1]);
      if (name === 'sack') return blocks(values.map(Number));
      const stamp = Buffer.alloc(10);
      stamp[0] = 8;
      stamp[1] = 10;
      stamp.writeUInt32BE(Number(values[1] ?? first), 2);
      stamp.writeUInt32BE(Number(values[3] ?? third), 6);
      return stamp;
    }),
  );
}

function blocks(edges: number[]): Buffer {
  const bytes = Buffer.alloc(2 + edges.length * 4);
  bytes[0] = 5;
  bytes[1] = bytes.length;
  for (const [i, edge] of edges.entries()) bytes.writeUInt32BE(edge, 2 + i * 4);
  return bytes;
}

function groups(pattern: RegExp, text: string): Record<string, string | undefined> {
  const found = pattern.exec(text)?.groups;
  if (found === undefined) throw new Error(`not a line of a transcript: ${text}`);
  return found;
}
