import { type Finding, type FlowReport, type Report, SEVERITIES } from './report.js';

/** What has changed between two captures of the same doings, before and after a change; plain data. */
export interface Changes {
  readonly before: Measures;
  readonly after: Measures;
  /** What only the second capture shows, the worst first. */
  readonly gained: readonly FindingChange[];
  /** What only the first one shows. */
  readonly lost: readonly FindingChange[];
  /** What both show, in more or fewer conversations, or with another probable cause. */
  readonly changed: readonly FindingChange[];
  /** How conversations ended. */
  readonly outcomes: readonly CountChange[];
  /** Changes of state that are more or less frequent: "client ESTABLISHED → FIN_WAIT1". */
  readonly states: readonly CountChange[];
}

/** Of all conversations of a capture. */
export interface Measures {
  readonly files: readonly string[];
  readonly conversations: number;
  readonly segments: number;
  readonly resent: number;
  readonly findings: Readonly<Record<Finding['severity'], number>>;
  /** Median of the shortest round trips of the conversations, seconds; null where none shows. */
  readonly roundTrip: number | null;
}

export interface FindingChange {
  readonly pattern: string;
  readonly title: string;
  readonly severity: Finding['severity'];
  readonly side: Finding['side'];
  /** Where it shows: the address and port of the server, or what else it is about. */
  readonly at: string;
  readonly before: Shown | null;
  readonly after: Shown | null;
}

export interface Shown {
  readonly conversations: number;
  readonly cause: string | null;
  readonly certainty: string | null;
  readonly filter: string;
}

export interface CountChange {
  readonly what: string;
  readonly before: number;
  readonly after: number;
}

/** Compares two reports that list all conversations. */
export function changesBetween(before: Report, after: Report): Changes {
  const changes = findingChanges(before.findings, after.findings);
  return {
    before: measuresOf(before),
    after: measuresOf(after),
    gained: changes.filter((change) => change.before === null),
    lost: changes.filter((change) => change.after === null),
    changed: changes.filter((change) => change.before !== null && change.after !== null && isDifferent(change.before, change.after)),
    outcomes: countChanges(before.capture.outcomes, after.capture.outcomes),
    states: countChanges(statesOf(before.flows), statesOf(after.flows)),
  };
}

/** Ports of clients differ from one capture to the next: what is about the same server, at the same end, is the same. */
function keyOf({ pattern, side, subject }: Finding): string {
  return [pattern, side, placeOf(subject)].join(' ');
}

function placeOf(subject: string): string {
  const [, server = subject] = subject.split(' to ');
  return server;
}

function findingChanges(before: readonly Finding[], after: readonly Finding[]): FindingChange[] {
  const keys = [...new Set([...after, ...before].map(keyOf))];
  const changes = keys.map((key): FindingChange => {
    const [was, is] = [before.filter((finding) => keyOf(finding) === key), after.filter((finding) => keyOf(finding) === key)];
    const { pattern, title, severity, side, subject } = (is[0] ?? was[0]) as Finding;
    return { pattern, title, severity, side, at: placeOf(subject), before: shown(was), after: shown(is) };
  });
  return changes.sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
}

function shown(findings: readonly Finding[]): Shown | null {
  const [worst] = findings;
  if (worst === undefined) return null;
  const [suspect] = worst.suspects;
  const conversations = new Set(findings.flatMap(({ streams }) => streams)).size;
  return { conversations, cause: suspect?.cause ?? null, certainty: suspect?.certainty ?? null, filter: worst.filter };
}

function isDifferent(a: Shown, b: Shown): boolean {
  return a.conversations !== b.conversations || a.cause !== b.cause;
}

function measuresOf({ input, capture, flows, findings }: Report): Measures {
  const sides = flows.flatMap(({ sent }) => [sent.client, sent.server]);
  const count = (severity: Finding['severity']): number => findings.filter((finding) => finding.severity === severity).length;
  return {
    files: input.map(({ name }) => name),
    conversations: capture.conversations,
    segments: capture.segments,
    resent: sides.reduce((sum, { resent }) => sum + resent, 0),
    findings: { failure: count('failure'), warning: count('warning'), note: count('note') },
    roundTrip: median(flows.flatMap(({ roundTrip }) => roundTrip ?? [])),
  };
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? null;
}

function statesOf(flows: readonly FlowReport[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { states } of flows) {
    for (const { side, from, to } of states) {
      const what = `${side} ${from} → ${to}`;
      counts[what] = (counts[what] ?? 0) + 1;
    }
  }
  return counts;
}

function countChanges(before: Readonly<Record<string, number>>, after: Readonly<Record<string, number>>): CountChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.map((what) => ({ what, before: before[what] ?? 0, after: after[what] ?? 0 })).filter((change) => change.before !== change.after);
}
