/** What happened to segments between two captures of the same conversations. Seconds are those after the start of the capture `from`. */
export interface PathReport {
  /** The capture nearer to the clients, and the other one. */
  readonly from: PathPoint;
  readonly to: PathPoint;
  readonly clock: ClockReport;
  /** Conversations in both, and those that only one of them shows. */
  readonly conversations: number;
  readonly onlyFrom: number;
  readonly onlyTo: number;
  /** Towards the server, and towards the client. */
  readonly ways: readonly [WayReport, WayReport];
  /** What was lost, doubled, overtaken, held up or made on the way: the first ones of each kind. */
  readonly events: readonly PathEvent[];
  /** Events that are not listed. */
  readonly eventsOmitted: number;
  readonly rewritten: readonly Rewriting[];
  readonly silences: readonly SilenceReport[];
  /** All of this for people, the most important first. */
  readonly sentences: readonly string[];
}

export interface PathPoint {
  readonly capture: string;
  readonly place: 'client' | 'server' | 'middle' | 'unknown';
}

export interface ClockReport {
  /** What the clock of `to` shows more than that of `from` at the start; seconds. */
  readonly offset: number;
  /** What it gains: parts per million. */
  readonly drift: number;
  /** Seconds; null when only one direction is there to tell. */
  readonly uncertainty: number | null;
  readonly basis: 'both ways' | 'one way' | 'assumed';
}

export interface WayReport {
  readonly direction: 'to server' | 'to client';
  /** Segments that passed the first point, and those of them that passed the second. */
  readonly sent: number;
  readonly arrived: number;
  readonly lost: number;
  /** Bytes of payload in what was lost. */
  readonly lostBytes: number;
  readonly duplicated: number;
  readonly reordered: number;
  /** They took much longer than the others. */
  readonly delayed: number;
  /** They passed the second point and never the first. */
  readonly injected: number;
  /** They did pass both points, but one capture missed them. */
  readonly uncaptured: number;
  /** One of the captures was not running. */
  readonly unknown: number;
  /** Seconds from point to point; null when nothing arrived. */
  readonly delay: { readonly shortest: number; readonly median: number; readonly longest: number } | null;
  /** Routers in between, as the TTL tells. */
  readonly hops: number | null;
}

export interface PathEvent {
  readonly kind: 'lost' | 'duplicated' | 'reordered' | 'delayed' | 'injected';
  readonly direction: 'to server' | 'to client';
  readonly at: number;
  /** Its numbers in the capture `from` and in the capture `to`; null where it is not. */
  readonly from: { readonly stream: number; readonly frame: number } | null;
  readonly to: { readonly stream: number; readonly frame: number } | null;
  /** Control bits as tcpdump writes them, relative sequence number, bytes of payload. */
  readonly segment: string;
  /** Seconds from point to point; null when it did not pass both. */
  readonly delay: number | null;
}

export interface Rewriting {
  readonly what: string;
  readonly direction: 'to server' | 'to client';
  readonly before: string;
  readonly after: string;
  /** Segments it was seen on; of addresses, conversations. */
  readonly count: number;
  /** The first of them in either capture. */
  readonly frames: { readonly from: number; readonly to: number };
}

export interface SilenceReport {
  /** Who was not heard. */
  readonly of: 'client' | 'server';
  readonly at: number;
  readonly seconds: number;
  readonly streams: { readonly from: number | null; readonly to: number | null };
  /** Whose doing it was. */
  readonly whose: 'path' | 'client' | 'server';
  readonly sentence: string;
}
