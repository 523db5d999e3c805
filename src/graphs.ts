/** What the graphs of one conversation are drawn from. Only gathered when asked for. */
export interface FlowGraph {
  /** In the order of the capture. Of a long conversation an outline, and every segment that is marked. */
  readonly points: readonly GraphPoint[];
  /** Segments of the conversation; more than there are points when it was too long to keep them all. */
  readonly segments: number;
}

/** One segment in the graphs. Bytes, and seconds after the capture's start. */
export interface GraphPoint {
  readonly frame: number;
  readonly at: number;
  readonly side: 'client' | 'server';
  /** Control bits, as tcpdump writes them. */
  readonly flags: string;
  /** First sequence number, counted from the sender's first one and beyond 4 GB, and bytes of payload. */
  readonly seq: number;
  readonly length: number;
  /** What it acknowledges, counted likewise from the peer's first one, and up to where it allows; null without ACK. */
  readonly ack: number | null;
  readonly edge: number | null;
  /** Reported as received beyond `ack`: left and right edges. */
  readonly sack: readonly (readonly [number, number])[];
  /** Bytes under way after it, and as many as the receiver allows: in its own direction if it carries payload, else in the other one. */
  readonly flight: number;
  readonly room: number | null;
  /** Seconds since the segment that it is the first to acknowledge, as seen from the point of capture. */
  readonly roundTrip: number | null;
  /** Bytes of payload that its sender has sent so far, resent ones included. */
  readonly carried: number;
  /** Wireshark's flags of it, and our verdict. */
  readonly observed: readonly string[];
  readonly verdict: string;
  /** Never left out of an outline. */
  readonly isMarked: boolean;
}

/** What the graphs across all conversations are drawn from. Only gathered when asked for. */
export interface CaptureGraphs {
  readonly states: StateCounts;
  /** One for each pair of addresses whose timestamps a finding is about. */
  readonly clocks: readonly ClockGraph[];
  /** Segments that are missing in the graphs because there were too many conversations. */
  readonly refused: number;
}

/** How many ends of conversations are in which state, and when. */
export interface StateCounts {
  /** Seconds after the capture's start, in even steps. */
  readonly at: readonly number[];
  /** By state: a count for each time. */
  readonly client: Readonly<Record<string, readonly number[]>>;
  readonly server: Readonly<Record<string, readonly number[]>>;
  /** Changes of state that are not counted because there were too many. */
  readonly missed: number;
}

/** Timestamps (TSval) in the SYNs of an address, against time. */
export interface ClockGraph {
  readonly client: string;
  readonly server: string;
  readonly syns: readonly StampPoint[];
  /** The last timestamps of connections that the server closed first: those an old kernel remembers. */
  readonly remembered: readonly StampPoint[];
}

export interface StampPoint {
  readonly stream: number;
  /** Null where it is not one segment's. */
  readonly frame: number | null;
  readonly at: number;
  /** Unsigned. */
  readonly tsval: number;
  readonly isAnswered: boolean;
}
