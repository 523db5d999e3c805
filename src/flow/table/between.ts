import type { Segment } from '../../decode/segment.js';

/** Between whom a conversation is, as its first segment says. */
export class Between {
  // What every segment is compared with lies together.
  private family = 0;
  private port = 0;
  private peerPort = 0;
  private address3 = 0;
  private peer3 = 0;
  private address2 = 0;
  private peer2 = 0;
  private address1 = 0;
  private peer1 = 0;
  private address0 = 0;
  private peer0 = 0;

  /** It is between the ends of the segment. */
  beOf(segment: Segment): void {
    this.family = segment.family;
    this.port = segment.sourcePort;
    this.address0 = segment.source0;
    this.address1 = segment.source1;
    this.address2 = segment.source2;
    this.address3 = segment.source3;
    this.peerPort = segment.destinationPort;
    this.peer0 = segment.destination0;
    this.peer1 = segment.destination1;
    this.peer2 = segment.destination2;
    this.peer3 = segment.destination3;
  }

  /** Writes it into eleven words from `at` on, */
  copyBetween(words: Int32Array, at: number): void {
    words[at] = this.family;
    words[at + 1] = this.port;
    words[at + 2] = this.address0;
    words[at + 3] = this.address1;
    words[at + 4] = this.address2;
    words[at + 5] = this.address3;
    words[at + 6] = this.peerPort;
    words[at + 7] = this.peer0;
    words[at + 8] = this.peer1;
    words[at + 9] = this.peer2;
    words[at + 10] = this.peer3;
  }

  /** and reads it from there. */
  beBetween(words: Int32Array, at: number): void {
    this.family = words[at] as number;
    this.port = words[at + 1] as number;
    this.address0 = words[at + 2] as number;
    this.address1 = words[at + 3] as number;
    this.address2 = words[at + 4] as number;
    this.address3 = words[at + 5] as number;
    this.peerPort = words[at + 6] as number;
    this.peer0 = words[at + 7] as number;
    this.peer1 = words[at + 8] as number;
    this.peer2 = words[at + 9] as number;
    this.peer3 = words[at + 10] as number;
  }

  isBetween(segment: Segment): boolean {
    return this.family === segment.family && (this.isThere(segment) || this.isBack(segment));
  }

  /** Sent by the end that sent the first segment. */
  isThere(s: Segment): boolean {
    if (this.port !== s.sourcePort || this.peerPort !== s.destinationPort || this.address3 !== s.source3 || this.peer3 !== s.destination3)
      return false;
    if (this.address2 !== s.source2 || this.address1 !== s.source1 || this.address0 !== s.source0) return false;
    return this.peer2 === s.destination2 && this.peer1 === s.destination1 && this.peer0 === s.destination0;
  }

  /** Fills in between whom segments in both directions are. */
  address(there: Segment, back: Segment): void {
    there.family = back.family = this.family;
    there.sourcePort = back.destinationPort = this.port;
    there.source0 = back.destination0 = this.address0;
    there.source1 = back.destination1 = this.address1;
    there.source2 = back.destination2 = this.address2;
    there.source3 = back.destination3 = this.address3;
    there.destinationPort = back.sourcePort = this.peerPort;
    there.destination0 = back.source0 = this.peer0;
    there.destination1 = back.source1 = this.peer1;
    there.destination2 = back.source2 = this.peer2;
    there.destination3 = back.source3 = this.peer3;
  }

  /** Sent by the other end. */
  private isBack(s: Segment): boolean {
    if (this.port !== s.destinationPort || this.peerPort !== s.sourcePort || this.address3 !== s.destination3 || this.peer3 !== s.source3)
      return false;
    if (this.address2 !== s.destination2 || this.address1 !== s.destination1 || this.address0 !== s.destination0) return false;
    return this.peer2 === s.source2 && this.peer1 === s.source1 && this.peer0 === s.source0;
  }
}
