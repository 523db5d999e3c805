import { AdvertisedSlab } from './advertised.js';
import { Slab } from './memory/slab.js';
import { WaitingRoom } from './table/waiting.js';
import { TimelineSlabs } from './timeline.js';
import type { Corrected } from './verdict/acknowledge.js';
import { Judgement } from './verdict/proof.js';
import { WIDTH as TRANSMISSION_WIDTH } from './verdict/transmissions.js';
import { WiresharkFigures } from './wireshark/figures.js';
import { MptcpConnections } from './wireshark/mptcp.js';
import { Unacked } from './wireshark/unacked.js';
import type { WiresharkMemory } from './wireshark.js';

/** What the flows of one capture share. */
export class Shared {
  /** What Wireshark remembers beside the flows themselves. */
  readonly wireshark: WiresharkMemory = { unacked: new Unacked(), figures: new WiresharkFigures() };
  readonly mptcp: MptcpConnections = new MptcpConnections();
  /** Room for the segments that endpoints remember, and for what flows lived through. */
  readonly transmissions: Slab;
  readonly timelines: TimelineSlabs;
  readonly advertised: AdvertisedSlab;
  /** Room for the segments that wait to be analysed. */
  readonly waiting: WaitingRoom;
  /** Refilled for each segment, whatever its flow. */
  readonly judgement: Judgement = new Judgement();

  /** `slabBytes`: for each of the slabs. */
  constructor(
    readonly corrected: Corrected,
    slabBytes: number,
  ) {
    this.transmissions = new Slab(TRANSMISSION_WIDTH, undefined, slabBytes);
    this.timelines = new TimelineSlabs(slabBytes);
    this.advertised = new AdvertisedSlab(slabBytes);
    this.waiting = new WaitingRoom(slabBytes);
  }
}
