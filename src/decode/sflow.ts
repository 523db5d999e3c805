import { decodeEthernet } from './link/ethernet.js';
import { decodeByVersion } from './network.js';
import type { Packet } from './packet.js';
import { ICMP_ERROR, NOT_TCP, SAMPLED, SEGMENT, type Skipped } from './skipped.js';

const VERSION = 5;
/** Bytes before the samples, with the IPv4 address of the agent. */
const DATAGRAM_HEAD = 28;
const AGENT_IP6 = 2;

/** Type and length, of a sample as of a record in it. */
const HEAD = 8;
/** Samples of packets, and the bytes of each before its records. */
const BEFORE_RECORDS: ReadonlyMap<number, number> = new Map([
  [1, 32], // flow sample
  [3, 44], // expanded flow sample
]);
/** The record with the first bytes of a packet, which follow its protocol, its length, what was stripped of it, and their number. */
const RAW_HEADER = 1;
const BEFORE_HEADER = HEAD + 16;

// Protocols of a raw header
const ETHERNET = 1;
const IP4 = 11;
const IP6 = 12;

/** sFlow version 5, https://sflow.org/sflow_version_5.txt: samples of packets, not a conversation. */
export function decodeSflow(packet: Packet): Skipped {
  const { view, at } = packet;
  if (packet.left < DATAGRAM_HEAD || view.getUint32(at) !== VERSION) return NOT_TCP;
  packet.at = at + DATAGRAM_HEAD + (view.getUint32(at + 4) === AGENT_IP6 ? 12 : 0);
  const headers = rawHeaders(packet);
  return headers.length > 0 ? packet.rest.hold(headers, packet, decodeSample) : NOT_TCP;
}

/** Where the records with raw headers start. */
function rawHeaders({ view, at, end }: Packet): number[] {
  const headers: number[] = [];
  for (const sample of starts(view, at, end)) {
    const before = BEFORE_RECORDS.get(view.getUint32(sample));
    if (before === undefined) continue;
    const sampleEnd = Math.min(end, sample + HEAD + view.getUint32(sample + 4));
    for (const record of starts(view, sample + HEAD + before, sampleEnd)) {
      if (view.getUint32(record) === RAW_HEADER && record + BEFORE_HEADER <= sampleEnd) headers.push(record);
    }
  }
  return headers;
}

/** Where the samples, or the records, start that lie between `from` and `end`. */
function* starts(view: DataView, from: number, end: number): Generator<number> {
  for (let at = from; at + HEAD <= end; at += HEAD + view.getUint32(at + 4)) yield at;
}

function decodeSample(packet: Packet): Skipped {
  const { view, at } = packet;
  const protocol = view.getUint32(at + HEAD);
  packet.at = at + BEFORE_HEADER;
  packet.end = Math.min(packet.end, packet.at + view.getUint32(at + BEFORE_HEADER - 4));
  packet.wireEnd = Math.max(packet.end, packet.at + view.getUint32(at + HEAD + 4));
  const kind = decodeHeader(packet, protocol);
  if (kind === SEGMENT) packet.segment.quotedLength = packet.left;
  return kind === SEGMENT || kind === ICMP_ERROR ? SAMPLED : NOT_TCP;
}

function decodeHeader(packet: Packet, protocol: number): Skipped {
  if (protocol === ETHERNET) return decodeEthernet(packet);
  return protocol === IP4 || protocol === IP6 ? decodeByVersion(packet, 0) : NOT_TCP;
}
