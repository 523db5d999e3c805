import { countText, listText } from '../hosts/wording.js';
import type { PathPoint, PathReport } from '../path-report.js';
import type { CaptureSummary, Caveat, Finding, FlowReport, HostSummary, InputFile, LeftOut, Report } from '../report.js';
import { chooseFindings, conversationKey, type FindingSelection } from '../selection.js';
import { bySeverity } from './findings.js';
import { secondOpinion } from './second-opinion.js';
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
  const { parts, paths } = joint;
  const [first] = parts as readonly [Part, ...Part[]];
  const said = saidOnce(joint);
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

interface Said {
  readonly point: PathPoint;
  readonly finding: Finding;
}

/** A finding that several captures show is told from the one that can be surest about it. With the conversations, of all captures, that it is about. */
function saidOnce({ parts, witnesses }: Joint): Map<Finding, string[]> {
  const groups: Said[][] = [];
  const known = new Map<string, Said[]>();
  for (const { point, report } of parts) {
    for (const own of report.findings) {
      const said = { point, finding: secondOpinion(own, point.capture, witnesses) };
      const story = `${own.pattern} ${own.side}`;
      const twins = own.streams.flatMap((stream) =>
        witnesses.about(point.capture, stream).flatMap(({ by, stream: twin }) => (twin === undefined ? [] : [`${by.capture} ${twin} ${story}`])),
      );
      const group = twins.map((twin) => known.get(twin)).find((each) => each?.every((other) => other.point !== point)) ?? [];
      if (group.length === 0) groups.push(group);
      group.push(said);
      for (const stream of own.streams) known.set(`${point.capture} ${stream} ${story}`, group);
    }
  }
  return new Map(
    groups.map((group) => {
      const [surest, ...others] = group.toSorted((a, b) => sureness(b) - sureness(a)) as [Said, ...Said[]];
      const conversations = group.flatMap(({ point, finding }) => finding.streams.map((stream) => conversationKey(point.capture, stream)));
      return [{ captures: [surest, ...others].map(({ point }) => point.capture), ...surest.finding }, conversations];
    }),
  );
}

/** The surer suspect first; of equals the capture made at the end that it shows at, then the one that can name more causes. */
function sureness({ point, finding: { side, suspects } }: Said): number {
  const certainty = ['possible', 'likely', 'certain', 'confirmed'].indexOf(suspects[0]?.certainty ?? '') + 1;
  return certainty * 4 + (side !== null && point.place === side ? 2 : 0) + (suspects.length > 0 ? 1 : 0);
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
    caveats: [...(isRelated ? [] : [NOTHING_SHARED]), ...parts.flatMap(caveatsOf)],
  };
}

const NOTHING_SHARED: Caveat = {
  id: 'captures-unrelated',
  sentence: 'The captures have no conversation in common: each is explained by itself, and nothing is said about the way between them.',
};

function caveatsOf({ point, report, left }: Part): Caveat[] {
  const own = report.capture.caveats.map(({ id, sentence }) => ({
    id,
    sentence: sentence.startsWith(point.capture) ? sentence : `${point.capture}: ${sentence}`,
  }));
  const bounded = {
    id: 'comparison-bounded',
    sentence: `${point.capture}: the last ${countText(left, 'segment')} found no room in the comparison with the other captures.`,
  };
  return left > 0 ? [...own, bounded] : own;
}

/** Each capture's own. */
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
