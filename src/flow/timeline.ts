import { listed, NOTHING } from './listed.js';
import { Slab } from './memory/slab.js';
import type { IcmpMoment, Moment } from './timeline/moment.js';
import { Moments } from './timeline/moments.js';
import { WIDTH as MOMENT_WIDTH } from './timeline/packed.js';
import { WIDTH as TRANSITION_WIDTH, type Transition, Transitions } from './timeline/transitions.js';

export type { Earlier, IcmpMoment, Moment, Side } from './timeline/moment.js';
export type { Transition } from './timeline/transitions.js';

const MOST_ICMP = 32;

/** Room for the timelines of all flows of a capture. */
export class TimelineSlabs {
  readonly moments: Slab;
  readonly transitions: Slab;

  constructor(bytes: number) {
    this.moments = new Slab(MOMENT_WIDTH, undefined, bytes);
    this.transitions = new Slab(TRANSITION_WIDTH, undefined, bytes);
  }
}

/** What a flow lived through. */
export class Timeline {
  readonly segments: Moments;
  readonly states: Transitions;
  icmp: readonly IcmpMoment[] = NOTHING;

  constructor(slabs: TimelineSlabs) {
    this.segments = new Moments(slabs.moments);
    this.states = new Transitions(slabs.transitions);
  }

  /** In the order of the capture. */
  get moments(): readonly Moment[] {
    return this.segments.all;
  }

  /** In the order of time. */
  get transitions(): readonly Transition[] {
    return this.states.inOrder;
  }

  quote(icmp: IcmpMoment): void {
    this.icmp = listed(this.icmp, icmp, MOST_ICMP);
  }

  /** The flow is over: what is kept of it no longer lies in the slabs. */
  settle(): void {
    this.segments.settle();
    this.states.settle();
  }

  /** Nobody reads it any more, unless it has settled. */
  release(): void {
    this.segments.release();
    this.states.release();
  }
}
