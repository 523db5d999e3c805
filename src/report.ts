import type { CaptureGraphs, FlowGraph } from './graphs.js';
import type { PathReport } from './path-report.js';
import type { Severity } from './patterns/pattern.js';
import type { Standing } from './root-causes/cause.js';

export type * from './graphs.js';
export type * from './path-report.js';

/** What a capture tells, as plain data: the JSON output is this, and every other view is made from it. */
export interface Report {
  readonly version: 1;
  readonly tool: { readonly name: 'tcpexplain'; readonly version: string };
  readonly input: readonly InputFile[];
  readonly capture: CaptureSummary;
  readonly hosts: readonly HostSummary[];
  /** Conversations with a finding, or all when asked for; the worst first. */
  readonly flows: readonly FlowReport[];
  readonly findings: readonly Finding[];
  /** What the reader's choices left out. */
  readonly leftOut: readonly LeftOut[];
  /** Only where it was asked for. */
  readonly graphs?: CaptureGraphs;
  /** What became of the segments between two captures of the same conversations; only when several captures are compared. */
  readonly paths?: readonly PathReport[];
}

export interface LeftOut {
  /** Which choice: a filter of packets, conversations by number or time, findings by id or severity, or only the worst. */
  readonly by: 'filter' | 'stream' | 'time' | 'only' | 'ignore' | 'severity' | 'top';
  /**
   * Of conversations chosen by number or time, those count that have something to tell; of several captures, what several show counts once,
   * and what one of them tells of is not left out.
   */
  readonly what: 'conversations' | 'findings';
  readonly count: number;
}

export interface InputFile {
  /** Which capture it is a file of; only when several are compared. */
  readonly capture?: string;
  readonly name: string;
  readonly frames: number;
  /** Hexadecimal; null where it was not asked for, or the file could not be read to its end. */
  readonly sha256: string | null;
}

export interface CaptureSummary {
  readonly linkTypes: readonly string[];
  readonly frames: number;
  /** Frames that carried a TCP segment. */
  readonly segments: number;
  /** Frames that did not, by what they were. */
  readonly skipped: Readonly<Record<string, number>>;
  /** Time of the first frame, seconds since 1970 with nine decimals; empty without frames, and when nobody is to know. */
  readonly start: string;
  /** Seconds from the first to the last frame. */
  readonly seconds: number;
  readonly conversations: number;
  /** How conversations ended, or how far they got, and how many. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** What limits trust in everything else. */
  readonly caveats: readonly Caveat[];
}

export interface Caveat {
  readonly id: string;
  readonly sentence: string;
}

export interface HostSummary {
  readonly address: string;
  readonly isLinux: boolean;
  /** "4.20 or later", where its SYNs tell. */
  readonly kernel: string | null;
  readonly reasons: readonly string[];
}

export interface FlowReport {
  /** Which capture its numbers are of; only when several are compared. */
  readonly capture?: string;
  readonly stream: number;
  readonly client: string;
  readonly server: string;
  /** Why the client is taken for the client. */
  readonly roles: string;
  readonly vantage: { readonly place: string; readonly reason: string };
  /** Seconds after the capture's start. */
  readonly start: number;
  readonly seconds: number;
  readonly outcome: string;
  /** Seconds from one end to the other and back at the quickest; null where no segment was seen answered. */
  readonly roundTrip: number | null;
  readonly sent: { readonly client: Traffic; readonly server: Traffic };
  readonly states: readonly StateChange[];
  /** Whose clock the times are, and how those of the other end were found. */
  readonly clock: string;
  /** Timers that run at the end of the capture. */
  readonly timers: readonly PendingTimer[];
  /** The segments worth looking at. */
  readonly moments: readonly ReportedMoment[];
  /** Where Wireshark's flags and our verdicts part. */
  readonly disagreements: Disagreements;
  /** Of the first conversations, where it was asked for. */
  readonly graph?: FlowGraph;
}

export interface Disagreements {
  /** Segments of which the two say different things. */
  readonly count: number;
  /** The first of them. */
  readonly listed: readonly Disagreement[];
}

export interface Disagreement {
  readonly frame: number;
  readonly verdict: string;
  /** What Wireshark says, what it is instead, and the evidence. */
  readonly sentence: string;
}

export interface Traffic {
  readonly segments: number;
  readonly bytes: number;
  readonly resent: number;
}

export interface StateChange {
  readonly side: 'client' | 'server';
  /** Seconds after the capture's start, at the end in question. */
  readonly at: number;
  readonly from: string;
  readonly to: string;
  readonly frame: number;
  readonly basis: 'seen' | 'inferred' | 'timer';
  /** Of one that a timer made, at a host that looks like Linux: the setting whose default explains when; null when that was changed. */
  readonly timer?: string | null;
}

/** What the kernel does by itself if nothing more comes. */
export interface PendingTimer {
  readonly side: 'client' | 'server';
  readonly state: string;
  /** As `ss -o` names it. */
  readonly timer: string;
  /** The setting that decides, by its default; null when the host does not look like Linux. */
  readonly setting: string | null;
  /** Seconds after the capture's start between which the kernel gives up; null: not as long as it is answered, or unknown. */
  readonly from: number | null;
  readonly to: number | null;
  readonly sentence: string;
}

export interface ReportedMoment {
  readonly frame: number;
  /** Seconds after the capture's start. */
  readonly at: number;
  readonly side: 'client' | 'server';
  /** In the notation of tcpdump, with relative sequence numbers. */
  readonly segment: string;
  /** Wireshark's flags of it, and our verdict. */
  readonly flags: readonly string[];
  readonly verdict: string;
  /** Of one that was sent again, or a probe: how long after the last time, and the timer whose default explains that. */
  readonly wait?: { readonly seconds: number; readonly timer: string; readonly doublings: number };
  /** How many alike follow at once. */
  readonly count: number;
}

export interface Finding {
  /** Which captures show it, when several are compared; its numbers are those of the first. */
  readonly captures?: readonly string[];
  readonly pattern: string;
  readonly title: string;
  readonly severity: Severity;
  /** What it is about: a conversation's two ends, a listener, an address. */
  readonly subject: string;
  /** Which end it shows at; null when it is about a host. */
  readonly side: 'client' | 'server' | null;
  readonly streams: readonly number[];
  readonly frames: readonly number[];
  /** For Wireshark's filter line. */
  readonly filter: string;
  readonly sentence: string;
  /** Possible causes, the most probable first. */
  readonly suspects: readonly ReportedSuspect[];
  /** Causes that would fit what was captured, but not what was saved on the hosts. */
  readonly ruledOut: readonly RuledOut[];
}

export interface RuledOut {
  readonly cause: string;
  readonly title: string;
  /** As of a suspect. */
  readonly where: string;
  /** The facts with which it cannot have been, as clauses. */
  readonly by: readonly string[];
}

export interface ReportedSuspect {
  readonly cause: string;
  readonly title: string;
  /** confirmed: a fact that was saved on a host proves it. */
  readonly certainty: Standing;
  /** Whose it would be: an address, "the path", "the capture". */
  readonly where: string;
  /** Whether that host looks like Linux; null when it is no host's or nothing is known. */
  readonly isLinux: boolean | null;
  readonly because: readonly string[];
  readonly against: readonly string[];
  /** What was saved on a host and speaks for it, as clauses. */
  readonly facts: readonly string[];
}

export const SEVERITIES: readonly Severity[] = ['failure', 'warning', 'note'];

/** Findings by severity, the worst first. */
export function countBySeverity(findings: readonly Finding[]): Record<Severity, number> {
  const counts = { failure: 0, warning: 0, note: 0 };
  for (const { severity } of findings) counts[severity]++;
  return counts;
}

/** The conversation that a finding is told of: the first of its streams, in the capture that its numbers are of. */
export function flowOf({ flows }: Report, { streams, captures }: Finding): FlowReport | undefined {
  for (const wanted of streams) {
    const flow = flows.find(({ stream, capture }) => stream === wanted && capture === captures?.[0]);
    if (flow !== undefined) return flow;
  }
  return undefined;
}
