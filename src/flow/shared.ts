import { ENDPOINT_WIDTH } from './endpoint.js';
import { RecordStore } from './memory/record-store.js';
import { Slab } from './memory/slab.js';
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
  /** Room for what is counted and measured of the flows. */
  readonly numbers: RecordStore = new RecordStore(ENDPOINT_WIDTH * 2);
  /** Room for the segments that endpoints remember, and for what flows lived through. */
  readonly transmissions: Slab = new Slab(TRANSMISSION_WIDTH);
  readonly timelines: TimelineSlabs = new TimelineSlabs();
  /** Refilled for each segment, whatever its flow. */
  readonly judgement: Judgement = new Judgement();

  constructor(readonly corrected: Corrected) {}
}
