import { ACK, SYN } from '../../decode/flags.js';
import type { Segment } from '../../decode/segment.js';
import type { Listed } from '../table.js';
import type { MptcpConnection, MptcpConnections } from '../wireshark/mptcp.js';
import { type Numbering, prepare } from '../wireshark.js';

/**
 * A flow that another shard analyses. It is kept as long as it would be there, because flows are numbered, and given up, in the order of
 * all; and its subflows may be this shard's.
 */
export class ForeignFlow {
  next: Listed | undefined = undefined;
  older: Listed | undefined = undefined;
  newer: Listed | undefined = undefined;
  isAttempt = true;
  ends = 0;
  lastTime: number;
  private mptcp: MptcpConnection | undefined = undefined;
  private readonly first: Numbering = { baseSeq: 0, hasBaseSeq: false };
  private readonly second: Numbering = { baseSeq: 0, hasBaseSeq: false };
  private readonly family: number;
  private readonly port: number;
  private readonly address0: number;
  private readonly address1: number;
  private readonly address2: number;
  private readonly address3: number;
  private readonly peerPort: number;
  private readonly peer0: number;
  private readonly peer1: number;
  private readonly peer2: number;
  private readonly peer3: number;

  constructor(
    readonly hash: number,
    segment: Segment,
  ) {
    this.lastTime = segment.time;
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

  /** As of a flow. */
  isReusedBy(segment: Segment): boolean {
    const { hasBaseSeq, baseSeq } = this.isThere(segment) ? this.first : this.second;
    return hasBaseSeq && baseSeq !== segment.seq;
  }

  /** What Wireshark takes for the begin of the sequence numbers, and to which MPTCP connection it belongs, is known of every flow. */
  pass(segment: Segment, connections: MptcpConnections): void {
    if (segment.length < 0) return;
    this.lastTime = segment.time;
    const forward = this.isThere(segment) ? this.first : this.second;
    prepare(segment, forward, forward === this.first ? this.second : this.first);
    if ((segment.flags & (SYN | ACK)) === (SYN | ACK)) forward.baseSeq = segment.seq; // reused ports, by the rules of moveOn
    if (segment.mptcp !== 0) this.mptcp = connections.of(segment, this.mptcp);
  }

  /** A segment of it is quoted or sampled: as of a flow. */
  mention(segment: Segment): void {
    const forward = this.isThere(segment) ? this.first : this.second;
    if (forward.hasBaseSeq && (segment.flags & (SYN | ACK)) === (SYN | ACK)) forward.baseSeq = segment.seq;
  }

  private isBack(s: Segment): boolean {
    if (this.port !== s.destinationPort || this.peerPort !== s.sourcePort || this.address3 !== s.destination3 || this.peer3 !== s.source3)
      return false;
    if (this.address2 !== s.destination2 || this.address1 !== s.destination1 || this.address0 !== s.destination0) return false;
    return this.peer2 === s.source2 && this.peer1 === s.source1 && this.peer0 === s.source0;
  }
}
