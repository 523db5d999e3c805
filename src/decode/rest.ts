import type { Packet } from './packet.js';
import { NOT_IP, type Skipped } from './skipped.js';

const NOWHERE: readonly number[] = [];

/** The other packets of a frame that carries several, as a netlink socket and an sFlow datagram do. */
export class Rest {
  private starts = NOWHERE;
  private taken = 0;
  private decode: (packet: Packet) => Skipped = () => NOT_IP;
  private view: DataView = new DataView(new ArrayBuffer(0));
  private end = 0;
  private wireEnd = 0;
  private depth = 0;

  /** There is another packet in the frame. */
  get isLeft(): boolean {
    return this.taken < this.starts.length;
  }

  clear(): void {
    this.starts = NOWHERE;
    this.taken = 0;
  }

  /** In what is left of `packet`, packets start at `starts`. Returns what the first of them is. */
  hold(starts: readonly number[], packet: Packet, decode: (packet: Packet) => Skipped): Skipped {
    this.starts = starts;
    this.taken = 0;
    this.decode = decode;
    this.view = packet.view;
    this.end = packet.end;
    this.wireEnd = packet.wireEnd;
    this.depth = packet.depth;
    return this.isLeft ? this.next(packet) : NOT_IP;
  }

  /** Peels the next packet down to its TCP header. */
  next(packet: Packet): Skipped {
    packet.begin(this.view, this.starts[this.taken++] ?? this.end, this.end, this.wireEnd);
    packet.depth = this.depth;
    return this.decode(packet);
  }
}
