import { countText, listText } from '../hosts/wording.js';
import type { PathPoint, PathReport } from '../path-report.js';
import type { CaptureSummary, Caveat, FlowReport, HostSummary, InputFile, LeftOut, Report } from '../report.js';
import { chooseFindings, conversationKey, type FindingSelection } from '../selection.js';
import { bySeverity } from './findings.js';
import { saidOnce } from './said-once.js';
import type { Witnesses } from './witnesses.js';

/** A capture of several, explained by itself. */
export interface Part {
  readonly point: PathPoint;
  readonly report: Report;
  /** Segments that found no room in the comparison. */
  readonly left: number;
}

export interface Joint {
  readonly parts: readonly Part[];
  readonly witnesses: Witnesses;
  readonly paths: readonly PathReport[];
  /** Some of the captures have conversations in common. */
  readonly isRelated: boolean;
}

/** One report of several captures: what each shows, said once, and what became of the segments in between. Findings are chosen from the whole. */
export function joinReports(joint: Joint, selection: FindingSelection = {}, all = false): Report {
  const { parts, witnesses, paths } = joint;
  const [first] = parts as readonly [Part, ...Part[]];
  const said = saidOnce(parts, witnesses);
  const findings = chooseFindings(selection, [...said.keys()].sort(bySeverity));
  const isNarrowed = findings.leftOut.length > 0 && !all;
  const spokenOf = new Set(findings.chosen.flatMap((finding) => said.get(finding) ?? []));
  const flows = parts
    .flatMap(({ point, report }) => report.flows.map((flow): FlowReport => ({ capture: point.capture, ...flow })))
    .filter(({ capture, stream }) => !isNarrowed || spokenOf.has(conversationKey(capture, stream)));
  return {
    ...first.report,
    input: parts.flatMap(({ point, report }) => report.input.map((file): InputFile => ({ capture: point.capture, ...file }))),
    capture: summaryOf(joint),
    hosts: hostsOf(parts).filter(({ address }) => !isNarrowed || flows.some((flow) => isBetween(flow, address))),
    flows,
    findings: findings.chosen,
    leftOut: [...leftOutOf(parts), ...findings.leftOut],
    paths,
  };
}

/** Sums over all captures; conversations that several show count once, and their outcomes are those of the first. */
function summaryOf({ parts, witnesses, isRelated }: Joint): CaptureSummary {
  const [first] = parts as readonly [Part, ...Part[]];
  const sum = (pick: (summary: CaptureSummary) => number): number => parts.reduce((total, { report }) => total + pick(report.capture), 0);
  const skipped: Record<string, number> = {};
  for (const [name, count] of parts.flatMap(({ report }) => Object.entries(report.capture.skipped))) skipped[name] = (skipped[name] ?? 0) + count;
  const names = parts.map(({ point }) => point.capture);
  const only = parts.slice(1).flatMap(({ point, report }, i) => {
    const count = report.capture.conversations - witnesses.sharedWith(point.capture, names.slice(0, i + 1));
    return count > 0 ? [[`not in ${listText(names.slice(0, i + 1))}`, count] as const] : [];
  });
  return {
    ...first.report.capture,
    linkTypes: [...new Set(parts.flatMap(({ report }) => report.capture.linkTypes))],
    frames: sum(({ frames }) => frames),
    segments: sum(({ segments }) => segments),
    skipped,
    conversations: first.report.capture.conversations + only.reduce((total, [, count]) => total + count, 0),
    outcomes: { ...first.report.capture.outcomes, ...Object.fromEntries(only) },
    caveats: [...(isRelated ? [] : [NOTHING_SHARED]), ...withoutEcho(parts.flatMap(caveatsOf))],
  };
}

const NOTHING_SHARED: Caveat = {
  id: 'captures-unrelated',
  sentence: 'The captures have no conversation in common: each is explained by itself, and nothing is said about the way between them.',
};

/** What is said of the facts of a host is the same whichever capture they are held against. */
function withoutEcho(caveats: readonly Caveat[]): Caveat[] {
  return caveats.filter(({ id, sentence }, i) => id !== 'facts' || caveats.findIndex((each) => each.sentence === sentence) === i);
}

function caveatsOf({ point, report, left }: Part): Caveat[] {
  const isNamed = ({ id, sentence }: Caveat): boolean => id === 'facts' || sentence.startsWith(point.capture);
  const own = report.capture.caveats.map((caveat) => (isNamed(caveat) ? caveat : { ...caveat, sentence: `${point.capture}: ${caveat.sentence}` }));
  const bounded = {
    id: 'comparison-bounded',
    sentence: `${point.capture}: the last ${countText(left, 'segment')} found no room in the comparison with the other captures.`,
  };
  return left > 0 ? [...own, bounded] : own;
}

function leftOutOf(parts: readonly Part[]): LeftOut[] {
  const sums = new Map<string, LeftOut>();
  for (const one of parts.flatMap(({ report }) => report.leftOut)) {
    const key = `${one.by} ${one.what}`;
    sums.set(key, { ...one, count: one.count + (sums.get(key)?.count ?? 0) });
  }
  return [...sums.values()];
}

function isBetween({ client, server }: FlowReport, address: string): boolean {
  return [client, server].some((socket) => socket.startsWith(`${address}:`) || socket.startsWith(`[${address}]:`));
}

/** Of each host what the capture says that knows most about it. */
function hostsOf(parts: readonly Part[]): HostSummary[] {
  const hosts = new Map<string, HostSummary>();
  for (const host of parts.flatMap(({ report }) => report.hosts)) {
    const known = hosts.get(host.address);
    if (known === undefined || host.reasons.length > known.reasons.length) hosts.set(host.address, host);
  }
  return [...hosts.values()].sort((a, b) => (a.address < b.address ? -1 : 1));
}
