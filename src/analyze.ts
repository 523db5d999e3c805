import type { Capture } from './capture/capture.js';
import { secondsText } from './capture/time.js';
import { linkTypeName } from './decode/link.js';
import type { FactFile } from './facts/host.js';
import type { Flow } from './flow/flow.js';
import { type Followed, type Follower, follow } from './follow.js';
import type { Hosts } from './hosts/hosts.js';
import type { Vantage } from './hosts/vantage.js';
import { recogniseAll } from './patterns/index.js';
import { Story } from './patterns/story.js';
import type { Report } from './report.js';
import { caveatsOf, skippedByName } from './reporting/caveats.js';
import { type Kernels, witnessesOf } from './reporting/facts.js';
import { findingsOf, type Told } from './reporting/findings.js';
import { flowReport } from './reporting/flows.js';
import { Gathering } from './reporting/gathering.js';
import { hostSummaries } from './reporting/hosts.js';
import { VERSION } from './version.js';

export interface AnalyzeOptions {
  /** Where the capture was made, when that is known. */
  readonly vantage?: Vantage;
  /** What was saved on the hosts. */
  readonly facts?: readonly FactFile[];
  /** The kernels of the clients and of the servers, when they are known: "5.15", or as `uname -r` prints it. */
  readonly kernels?: Kernels;
  /** So many conversations are followed at a time. */
  readonly maxFlows?: number;
  /** Also list the conversations without a finding. */
  readonly all?: boolean;
}

/** Reads a capture to its end and explains it. Throws CaptureError when nothing of it can be read. */
export async function analyze(capture: Capture, options: AnalyzeOptions = {}): Promise<Report> {
  return reportOn(await read(capture, options), options);
}

/** A capture that has been read, with what its flows say about the hosts. */
export interface Read {
  readonly capture: Capture;
  readonly followed: Followed;
  readonly gathered: Gathering;
}

/** `noted` is told of every segment as well. */
export async function read(capture: Capture, options: AnalyzeOptions, noted?: Follower['noted']): Promise<Read> {
  const gathered: Gathering & Follower = new Gathering(options.vantage, options.all ?? false);
  if (noted !== undefined) gathered.noted = noted;
  return { capture, followed: await follow(capture, gathered, options.maxFlows), gathered };
}

export function reportOn({ capture, followed, gathered }: Read, options: AnalyzeOptions): Report {
  const { hosts, outcomes, flows } = gathered;
  hosts.quality.reportedDrops = capture.files.reduce((sum, { dropped }) => sum + dropped, 0);
  const span = { start: capture.epoch + followed.firstTime / 1e9, end: capture.epoch + followed.lastTime / 1e9 };
  const witnesses = witnessesOf(options.facts ?? [], options.kernels ?? {}, hosts, span);
  const told = flows.map((flow) => tell(flow, hosts, followed.lastTime)).filter(({ found }) => options.all || found.length > 0);
  const findings = findingsOf(told, flows, hosts, { witnesses, span });
  const worst = worstFirst(told, findings);
  return {
    version: 1,
    tool: { name: 'tcpexplain', version: VERSION },
    input: capture.files.map(({ name, frames }) => ({ name, frames })),
    capture: {
      linkTypes: [...capture.linkTypes].map(linkTypeName),
      frames: followed.frames.reduce((sum, count) => sum + count, 0),
      segments: followed.frames[0] ?? 0,
      skipped: skippedByName(followed.frames),
      start: Number.isFinite(followed.firstTime) ? secondsText(capture.epoch, followed.firstTime) : '',
      seconds: Number.isFinite(followed.firstTime) ? (followed.lastTime - followed.firstTime) / 1e9 : 0,
      conversations: gathered.count,
      outcomes: Object.fromEntries([...outcomes].sort(([, a], [, b]) => b - a)),
      caveats: [...caveatsOf(hosts.quality, capture, followed, gathered.leftOut), ...witnesses.doubts.map((sentence) => ({ id: 'facts', sentence }))],
    },
    hosts: hostSummaries(told, hosts),
    flows: worst.map(({ story }) => flowReport(story.flow, hosts.vantages.of(story.flow), followed.firstTime)),
    findings,
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
