import type { Segment } from '../../decode/segment.js';

/** Between whom a conversation is, as its first segment says. What every segment is compared with comes first, and is little for IPv4. */
export class Between {
  /** Port of the end that sent the first segment, and behind it that of its peer. */
  private ports = 0;
  /** The last words of their addresses: all of them for IPv4. */
  private host = 0;
  private peer = 0;
  /** The other words, three and three; undefined for IPv4. */
  private longer: readonly number[] | undefined = undefined;

  /** It is between the ends of the segment. */
  beOf(s: Segment): void {
    this.ports = (s.sourcePort << 16) | s.destinationPort;
    this.host = s.source3;
    this.peer = s.destination3;
    const isLonger = s.family === 6;
    this.longer = isLonger ? [s.source0, s.source1, s.source2, s.destination0, s.destination1, s.destination2] : undefined;
  }

  /** Writes it into ten words from `at` on, */
  copyBetween(words: Int32Array, at: number): void {
    words.set([this.longer === undefined ? 4 : 6, this.ports, this.host, this.peer, ...(this.longer ?? [])], at);
  }

  /** and reads it from there. */
  beBetween(words: Int32Array, at: number): void {
    const [family, ports = 0, host = 0, peer = 0, ...longer] = words.subarray(at, at + 10);
    this.ports = ports;
    this.host = host;
    this.peer = peer;
    this.longer = family === 6 ? longer : undefined;
  }

  isBetween(segment: Segment): boolean {
    return this.isThere(segment) || this.isBack(segment);
  }

  /** Sent by the end that sent the first segment. */
  isThere(s: Segment): boolean {
    if (this.ports !== ((s.sourcePort << 16) | s.destinationPort) || this.host !== s.source3 || this.peer !== s.destination3) return false;
    const { longer } = this;
    if (longer === undefined || s.family === 4) return longer === undefined && s.family === 4;
    if (longer[0] !== s.source0 || longer[1] !== s.source1 || longer[2] !== s.source2) return false;
    return longer[3] === s.destination0 && longer[4] === s.destination1 && longer[5] === s.destination2;
  }

  /** Fills in between whom segments in both directions are. */
  address(there: Segment, back: Segment): void {
    const { ports, host, peer, longer } = this;
    there.family = back.family = longer === undefined ? 4 : 6;
    there.sourcePort = back.destinationPort = ports >>> 16;
    there.destinationPort = back.sourcePort = ports & 0xffff;
    there.source3 = back.destination3 = host;
    there.destination3 = back.source3 = peer;
    const [host0, host1, host2, peer0, peer1, peer2] = (longer ?? NOTHING_LONGER) as [number, number, number, number, number, number];
    there.source0 = back.destination0 = host0;
    there.source1 = back.destination1 = host1;
    there.source2 = back.destination2 = host2;
    there.destination0 = back.source0 = peer0;
    there.destination1 = back.source1 = peer1;
    there.destination2 = back.source2 = peer2;
  }

  /** Sent by the other end. */
  private isBack(s: Segment): boolean {
    if (this.ports !== ((s.destinationPort << 16) | s.sourcePort) || this.host !== s.destination3 || this.peer !== s.source3) return false;
    const { longer } = this;
    if (longer === undefined || s.family === 4) return longer === undefined && s.family === 4;
    if (longer[0] !== s.destination0 || longer[1] !== s.destination1 || longer[2] !== s.destination2) return false;
    return longer[3] === s.source0 && longer[4] === s.source1 && longer[5] === s.source2;
  }
}

const NOTHING_LONGER: readonly number[] = [0, 0, 0, 0, 0, 0];
