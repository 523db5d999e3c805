import type { Segment } from '../../decode/segment.js';
import type { Endpoint } from '../endpoint.js';
import type { Flow } from '../flow.js';
import type { Basis, State } from '../state.js';

/** One segment on its way: what it says of the states of both ends. */
export class Passing {
  constructor(
    readonly flow: Flow,
    readonly segment: Segment,
    readonly sender: Endpoint,
    readonly receiver: Endpoint,
  ) {}

  /** When the sender sent it, by the clock of the capture. */
  get sentAt(): number {
    return this.segment.time - this.flow.delayTo(this.sender);
  }

  /** When it reached the receiver, if it did. */
  get receivedAt(): number {
    return this.segment.time + this.flow.delayTo(this.receiver);
  }

  /** The endpoint has entered a state, and what it has sent proves it. */
  prove(endpoint: Endpoint, to: State, at: number, basis: Basis = 'seen'): void {
    this.flow.enter(endpoint, to, at, this.segment.frame, basis, false);
  }

  /** The endpoint enters a state if it gets what was sent to it. What it sends later can disprove it. */
  assume(endpoint: Endpoint, to: State, at: number, basis: Basis = 'seen'): void {
    this.flow.enter(endpoint, to, at, this.segment.frame, basis, true);
  }
}
