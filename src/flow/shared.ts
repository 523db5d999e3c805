import type { Corrected } from './verdict/acknowledge.js';
import { Judgement } from './verdict/proof.js';
import { Slab } from './verdict/slab.js';
import { WiresharkFigures } from './wireshark/figures.js';
import { MptcpConnections } from './wireshark/mptcp.js';
import { Unacked } from './wireshark/unacked.js';
import type { WiresharkMemory } from './wireshark.js';

/** What the flows of one capture share. */
export class Shared {
  /** What Wireshark remembers beside the flows themselves. */
  readonly wireshark: WiresharkMemory = { unacked: new Unacked(), figures: new WiresharkFigures() };
  readonly mptcp: MptcpConnections = new MptcpConnections();
  /** Room for the segments that endpoints remember. */
  readonly slab: Slab = new Slab();
  /** Refilled for each segment, whatever its flow. */
  readonly judgement: Judgement = new Judgement();

  constructor(readonly corrected: Corrected) {}
}
