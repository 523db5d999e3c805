import type { Capture } from './capture/capture.js';
import { CaptureError } from './capture/error.js';
import { secondsText } from './capture/time.js';
import { linkTypeName } from './decode/link.js';
import type { FactFile } from './facts/host.js';
import type { Flow } from './flow/flow.js';
import { type Followed, type FollowOptions, follow } from './follow.js';
import type { Hosts } from './hosts/hosts.js';
import type { Vantage } from './hosts/vantage.js';
import { recogniseAll } from './patterns/index.js';
import { Story } from './patterns/story.js';
import type { CaptureSummary, Report } from './report.js';
import { caveatsOf, skippedByName } from './reporting/caveats.js';
import { type Kernels, witnessesOf } from './reporting/facts.js';
import { findingsOf, type Told } from './reporting/findings.js';
import { flowReport } from './reporting/flows.js';
import { Gathering } from './reporting/gathering.js';
import { GraphRecorder } from './reporting/graph-recorder.js';
import { hostSummaries } from './reporting/hosts.js';
import { chooseConversations, chooseFindings, leftOut, type PointInTime, type Selection, type Span } from './selection.js';
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
  /** Also gather what graphs are drawn from. */
  readonly graphs?: boolean;
}

/** Of a finding that many conversations make together, so many of them are reported. */
const MOST_EXAMPLES = 4;

/** Reads a capture to its end and explains it. Throws CaptureError when nothing of it can be read. */
export async function analyze(capture: Capture, options: AnalyzeOptions = {}): Promise<Report> {
  const { selection = {}, all, facts = [], kernels = {} } = options;
  if (capture.isAnonymous && facts.length > 0)
    throw new CaptureError('what was saved on a host names addresses: it has no place in an anonymous report');
  const gathering = new Gathering(options.vantage, all ?? false);
  const recorder = options.graphs ? new GraphRecorder(gathering) : undefined;
  const followed = await follow(capture, recorder ?? gathering, options);
  const { hosts } = gathering;
  hosts.quality.reportedDrops = capture.files.reduce((sum, { dropped }) => sum + dropped, 0);
  const span = { start: capture.epoch + followed.firstTime / 1e9, end: capture.epoch + followed.lastTime / 1e9 };
  const witnesses = witnessesOf(facts, kernels, hosts, span);
  const spanOf = ({ stream, firstTime, lastTime }: Flow): Span => ({ stream, first: seconds(firstTime), last: seconds(lastTime) });
  const secondsAt = (point: PointInTime): number => (point.isAbsolute ? seconds(capture.timeAt(point.seconds)) : point.seconds);
  const flows = chooseConversations(selection, gathering.flows, spanOf, secondsAt);
  const examples = chooseConversations(selection, gathering.examples, spanOf, secondsAt).chosen;
  const told = [...flows.chosen, ...examples].map((flow) => tell(flow, hosts, followed.lastTime));
  const streams = flows.leftOut.length > 0 ? new Set(told.map(({ story }) => story.flow.stream)) : undefined;
  const findings = chooseFindings(selection, findingsOf(told, flows.chosen, hosts, { witnesses, span }, streams));
  const spokenOf = new Set(findings.chosen.flatMap((finding) => finding.streams));
  const shown = new Set(findings.chosen.flatMap((finding) => finding.streams.slice(0, MOST_EXAMPLES)));
  const isListed = ({ story: { flow }, found }: Told): boolean =>
    shown.has(flow.stream) || (found.length > 0 && (findings.leftOut.length === 0 || spokenOf.has(flow.stream)));
  const listed = all ? told : told.filter(isListed);
  const worst = worstFirst(listed, findings.chosen);
  const graphOf = recorder?.graphsOf(worst, followed.firstTime) ?? (() => undefined);
  return {
    version: 1,
    tool: { name: 'tcpexplain', version: VERSION },
    input: capture.files.map(({ name, frames, sha256 = null }) => ({ name, frames, sha256: capture.isAnonymous ? null : sha256 })),
    capture: captureSummary(capture, followed, gathering, witnesses.doubts),
    hosts: hostSummaries(listed, hosts),
    flows: worst.map(({ story: { flow } }) => {
      const graph = graphOf(flow);
      return { ...flowReport(flow, hosts.vantages.of(flow), followed.firstTime), ...(graph && { graph }) };
    }),
    findings: findings.chosen,
    leftOut: [...leftOut('filter', 'conversations', followed.filtered), ...flows.leftOut, ...findings.leftOut],
    ...(recorder && { graphs: recorder.across(findings.chosen, followed.firstTime, followed.lastTime) }),
  };

  function seconds(time: number): number {
    return (time - followed.firstTime) / 1e9;
  }
}

function captureSummary(
  capture: Capture,
  followed: Followed,
  { outcomes, count, hosts, leftOut: untold }: Gathering,
  doubts: readonly string[],
): CaptureSummary {
  const { frames, firstTime, lastTime } = followed;
  const hasTime = Number.isFinite(firstTime);
  return {
    linkTypes: [...capture.linkTypes].map(linkTypeName),
    frames: frames.reduce((sum, kind) => sum + kind, 0),
    segments: frames[0] ?? 0,
    skipped: skippedByName(frames),
    start: hasTime && !capture.isAnonymous ? secondsText(capture.epoch, firstTime) : '',
    seconds: hasTime ? (lastTime - firstTime) / 1e9 : 0,
    conversations: count,
    outcomes: Object.fromEntries([...outcomes].sort(([, a], [, b]) => b - a)),
    caveats: [...caveatsOf(hosts.quality, capture, followed, untold), ...doubts.map((sentence) => ({ id: 'facts', sentence }))],
  };
}

function tell(flow: Flow, hosts: Hosts, end: number): Told {
  const story = new Story(flow, hosts.vantages.of(flow).vantage, end);
  return { story, found: recogniseAll(story) };
}

/** Conversations in the order in which their findings come. */
function worstFirst(told: readonly Told[], findings: Report['findings']): Told[] {
  const rank = new Map<number, number>();
  findings.forEach(({ streams }, i) => {
    for (const stream of streams) if (!rank.has(stream)) rank.set(stream, i);
  });
  const rankOf = ({ story }: Told): number => rank.get(story.flow.stream) ?? findings.length;
  return told.toSorted((a, b) => rankOf(a) - rankOf(b) || a.story.flow.stream - b.story.flow.stream);
}
