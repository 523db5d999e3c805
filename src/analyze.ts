import type { Capture } from './capture/capture.js';
import { CaptureError } from './capture/error.js';
import type { CaptureFacts } from './capture/past.js';
import { secondsText } from './capture/time.js';
import { linkTypeName } from './decode/link.js';
import { SEGMENT } from './decode/skipped.js';
import type { FactFile } from './facts/host.js';
import type { Flow } from './flow/flow.js';
import { type Followed, type Follower, type FollowOptions, follow } from './follow.js';
import type { Vantage } from './hosts/vantage.js';
import type { CaptureSummary, Report } from './report.js';
import { caveatsOf, skippedByName } from './reporting/caveats.js';
import { type HostSpans, type Kernels, type Span, witnessesOf } from './reporting/facts.js';
import { findingsOf, type Told, tell } from './reporting/findings.js';
import { flowReport } from './reporting/flows.js';
import { Gathering } from './reporting/gathering.js';
import { GraphRecorder } from './reporting/graph-recorder.js';
import { hostSummaries } from './reporting/hosts.js';
import {
  type Chosen,
  type ConversationSelection,
  chooseConversations,
  chooseFindings,
  leftOut,
  type PointInTime,
  type Selection,
} from './selection.js';
import { MOST_BYTES } from './traces/traces.js';
import { VERSION } from './version.js';

export interface AnalyzeOptions extends FollowOptions {
  /** Where the capture was made, when that is known. */
  readonly vantage?: Vantage;
  /** What was saved on the hosts. */
  readonly facts?: readonly FactFile[];
  /** The kernels of the clients and of the servers, when they are known: "5.15", or as `uname -r` prints it. */
  readonly kernels?: Kernels;
  /** Also list the conversations without a finding. */
  readonly all?: boolean;
  /** What is to be told. */
  readonly selection?: Selection;
  /** Nobody can know which addresses are of one network; unless it is said, the anonymizer knows. */
  readonly hidesNetworks?: boolean;
  /** Also gather what graphs are drawn from. */
  readonly graphs?: boolean;
}

/** Of a finding that many conversations make together, so many of them are reported. */
const MOST_EXAMPLES = 4;

/** Reads a capture to its end and explains it. Throws CaptureError when nothing of it can be read. */
export async function analyze(capture: Capture, options: AnalyzeOptions = {}): Promise<Report> {
  return reportOn(await read(capture, options), options);
}

/** A capture that has been read, with what its flows say about the hosts. */
export interface Read {
  readonly capture: CaptureFacts;
  readonly followed: Followed;
  readonly gathered: Gathering;
  /** Where graphs were asked for. */
  readonly recorder: GraphRecorder | undefined;
}

/** What gathers, with or without graphs. */
export function gathering(options: AnalyzeOptions): Pick<Read, 'gathered' | 'recorder'> {
  const { vantage, all = false, graphs, anonymizer, hidesNetworks = anonymizer?.hidesNetworks ?? false } = options;
  const gathered = new Gathering(vantage, all, hidesNetworks);
  return { gathered, recorder: graphs ? new GraphRecorder(gathered) : undefined };
}

/** `noted` is told of every segment as well, and may keep its flow. */
export async function read(capture: Capture, options: AnalyzeOptions, noted?: Follower['noted']): Promise<Read> {
  const { facts = [], maxMemory } = options;
  if (capture.isAnonymous && facts.length > 0)
    throw new CaptureError('what was saved on a host names addresses: it has no place in an anonymous report');
  const { gathered, recorder } = gathering(options);
  const follower = recorder ?? gathered;
  const bounded = recorder !== undefined && maxMemory !== undefined ? { ...options, maxMemory: maxMemory - MOST_BYTES } : options;
  return { capture, followed: await follow(capture, noted === undefined ? follower : alsoNoted(follower, noted), bounded), gathered, recorder };
}

/** A second listener for every segment, who keeps all flows. */
function alsoNoted(follower: Follower, noted: NonNullable<Follower['noted']>): Follower {
  return {
    noted: (segment, flow, seen, verdict) => {
      follower.noted?.(segment, flow, seen, verdict);
      noted(segment, flow, seen, verdict);
    },
    arrives: (time, goingOn) => follower.arrives?.(time, goingOn),
    corrected: (frame, verdict) => follower.corrected?.(frame, verdict),
    cut: (frame, hasHeader) => follower.cut?.(frame, hasHeader),
    solicited: (solicitation, frame) => follower.solicited?.(solicitation, frame),
    over: (flow, now) => {
      follower.over(flow, now);
      flow.settle();
    },
    unwanted: (flow) => flow.settle(),
  };
}

/** When a capture was made, by its own clock. */
export function spanOf({ capture, followed }: Read): Span {
  return { start: capture.epoch + followed.firstTime / 1e9, end: capture.epoch + followed.lastTime / 1e9 };
}

/** `spans`: when it was made by the clocks of its hosts, where other captures tell. */
export function reportOn(made: Read, options: AnalyzeOptions, spans: HostSpans = {}): Report {
  const { selection = {}, all, facts = [], kernels = {} } = options;
  const { capture, followed, gathered, recorder } = made;
  const { hosts } = gathered;
  hosts.quality.reportedDrops = capture.files.reduce((sum, { dropped }) => sum + dropped, 0);
  const witnesses = witnessesOf(facts, kernels, hosts, { own: spanOf(made), ...spans });
  const flows = chooseFlows(made, selection, gathered.flows);
  const examples = chooseFlows(made, selection, gathered.examples).chosen;
  const told = [...flows.chosen, ...examples].map((flow) => tell(flow, hosts, followed.lastTime, { witnesses }));
  const streams = flows.leftOut.length > 0 ? new Set(told.map(({ flow }) => flow.stream)) : undefined;
  const findings = chooseFindings(selection, findingsOf(told, flows.chosen, hosts, { witnesses }, streams));
  const spokenOf = new Set(findings.chosen.flatMap((finding) => finding.streams));
  const shown = new Set(findings.chosen.flatMap((finding) => finding.streams.slice(0, MOST_EXAMPLES)));
  const isListed = ({ flow, drafts }: Told): boolean =>
    shown.has(flow.stream) || (drafts.length > 0 && (findings.leftOut.length === 0 || spokenOf.has(flow.stream)));
  const listed = all ? told : told.filter(isListed);
  const worst = worstFirst(listed, findings.chosen);
  const graphOf = recorder?.graphsOf(worst, followed.firstTime) ?? (() => undefined);
  return {
    version: 1,
    tool: { name: 'tcpexplain', version: VERSION },
    input: capture.files.map(({ name, frames, sha256 = null }) => ({ name, frames, sha256: capture.isAnonymous ? null : sha256 })),
    capture: captureSummary(made, witnesses.doubts),
    hosts: hostSummaries(listed, hosts),
    flows: worst.map(({ flow, placed }) => {
      const graph = graphOf(flow);
      return { ...flowReport(flow, placed, followed.firstTime), ...(graph && { graph }) };
    }),
    findings: findings.chosen,
    leftOut: [...leftOut('filter', 'conversations', followed.filtered), ...flows.leftOut, ...findings.leftOut],
    ...(recorder && { graphs: recorder.across(findings.chosen, followed.firstTime, followed.lastTime) }),
  };
}

/** Divides flows of a capture into those that are to be told of and those that are not. */
export function chooseFlows(made: Read, selection: ConversationSelection, flows: readonly Flow[]): Chosen<Flow> {
  const seconds = (time: number): number => (time - made.followed.firstTime) / 1e9;
  return chooseConversations(
    selection,
    flows,
    ({ stream, firstTime, lastTime }) => ({ stream, first: seconds(firstTime), last: seconds(lastTime) }),
    (point) => secondsAt(made, point),
  );
}

/** Seconds of a point in time after the first frame of a capture. */
export function secondsAt({ capture, followed }: Read, { seconds, isAbsolute }: PointInTime): number {
  return isAbsolute ? (capture.timeAt(seconds) - followed.firstTime) / 1e9 : seconds;
}

function captureSummary({ capture, followed, gathered }: Read, doubts: readonly string[]): CaptureSummary {
  const { outcomes, count, hosts, leftOut: untold } = gathered;
  const { packets, joined, firstTime, lastTime } = followed;
  const hasTime = Number.isFinite(firstTime);
  return {
    linkTypes: [...capture.linkTypes].map(linkTypeName),
    frames: packets.reduce((sum, kind) => sum + kind, 0) - joined,
    segments: packets[SEGMENT] ?? 0,
    skipped: skippedByName(packets),
    start: hasTime && !capture.isAnonymous ? secondsText(capture.epoch, firstTime) : '',
    seconds: hasTime ? (lastTime - firstTime) / 1e9 : 0,
    conversations: count,
    outcomes: Object.fromEntries(outcomes.all),
    caveats: [...caveatsOf(hosts, capture, followed, untold), ...doubts.map((sentence) => ({ id: 'facts', sentence }))],
  };
}

/** Conversations in the order in which their findings come. */
function worstFirst(told: readonly Told[], findings: Report['findings']): Told[] {
  const rank = new Map<number, number>();
  findings.forEach(({ streams }, i) => {
    for (const stream of streams) if (!rank.has(stream)) rank.set(stream, i);
  });
  const rankOf = ({ flow }: Told): number => rank.get(flow.stream) ?? findings.length;
  return told.toSorted((a, b) => rankOf(a) - rankOf(b) || a.flow.stream - b.flow.stream);
}
