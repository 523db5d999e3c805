import { Fragments } from './fragments.js';
import { Solicitation } from './neighbour.js';
import { Rest } from './rest.js';
import { Segment } from './segment.js';

/**
 * What is left of a frame while its layers are peeled: every layer reads its header and moves `at` behind it.
 * There is one packet, refilled for each frame.
 */
export class Packet {
  view: DataView = new DataView(new ArrayBuffer(0));
  /** Where the next header starts. */
  at = 0;
  /** Where the captured bytes end, */
  end = 0;
  /** and where the layer ended on the wire: not before `end`. */
  wireEnd = 0;
  /** Tunnels and tags peeled so far; a limit keeps nested ones from being a loop. */
  depth = 0;
  /** What follows in the same frame, where a frame carries several packets. */
  readonly rest: Rest = new Rest();
  /** What the layers are read into: another one for each segment that is to wait for others. */
  segment: Segment = new Segment();
  readonly solicitation: Solicitation = new Solicitation();
  /** IP fragments that wait for the others of their packet. */
  readonly fragments: Fragments = new Fragments();
  /** Bytes whose TCP checksum may still be checked. */
  checksumBudget: number = CHECKSUM_BUDGET;

  /** From here on it is another packet. */
  begin(view: DataView, at: number, end: number, wireEnd: number): void {
    this.view = view;
    this.at = at;
    this.end = end;
    this.wireEnd = wireEnd;
    this.segment.encapsulation = 0;
    this.segment.vlan = -1;
  }

  /** Bytes captured of what is left. */
  get left(): number {
    return this.end - this.at;
  }

  /** Limits what is left to `length` bytes: padding behind it does not belong to it. */
  limit(length: number): void {
    this.wireEnd = Math.min(this.at + length, this.wireEnd);
    this.end = Math.min(this.end, this.wireEnd);
  }
}

/** Checking costs about as much as all the rest of a large segment, and damage shows early or not at all. */
const CHECKSUM_BUDGET = 64 * 1024 * 1024;
