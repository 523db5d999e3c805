import { type Finding, type LeftOut, type Report, SEVERITIES } from './report.js';

/** What of a capture the reader wants to be told. What is left out is counted. */
export interface Selection extends ConversationSelection, FindingSelection {}

export interface ConversationSelection {
  /** Numbers of conversations, as ranges that include both ends; of several captures, those of the first. */
  readonly streams?: readonly (readonly [number, number])[];
  /** Only conversations that were going on then or later, and then or earlier. */
  readonly from?: PointInTime;
  readonly to?: PointInTime;
}

export interface FindingSelection {
  /** Ids of patterns, or of causes that are the most probable ones. */
  readonly only?: readonly string[];
  readonly ignore?: readonly string[];
  readonly minSeverity?: Finding['severity'];
}

/** Seconds after the first frame, or since 1970: of several captures by the clock of each. */
export interface PointInTime {
  readonly seconds: number;
  readonly isAbsolute: boolean;
}

/** A conversation as a selection looks at it: times in seconds after the first frame. */
export interface Span {
  readonly stream: number;
  readonly first: number;
  readonly last: number;
}

/** What was chosen, and how much each choice has left out. */
export interface Chosen<T> {
  readonly chosen: readonly T[];
  readonly leftOut: readonly LeftOut[];
}

/** Divides conversations into those that are chosen and those that are not. `secondsAt`: of a point in time, after the first frame. */
export function chooseConversations<T>(
  { streams, from, to }: ConversationSelection,
  all: readonly T[],
  spanOf: (one: T) => Span,
  secondsAt: (point: PointInTime) => number,
): Chosen<T> {
  const isOfStreams = ({ stream }: Span): boolean => streams === undefined || isWithin(streams, stream);
  const earliest = from === undefined ? Number.NEGATIVE_INFINITY : secondsAt(from);
  const latest = to === undefined ? Number.POSITIVE_INFINITY : secondsAt(to);
  const ofStreams = all.filter((one) => isOfStreams(spanOf(one)));
  const chosen = ofStreams.filter((one) => spanOf(one).last >= earliest && spanOf(one).first <= latest);
  return {
    chosen,
    leftOut: [
      ...leftOut('stream', 'conversations', all.length - ofStreams.length),
      ...leftOut('time', 'conversations', ofStreams.length - chosen.length),
    ],
  };
}

/** Whether a number lies in one of these ranges. */
export function isWithin(ranges: readonly (readonly [number, number])[], number: number): boolean {
  return ranges.some(([low, high]) => number >= low && number <= high);
}

/** Whether a finding goes by one of these ids: its pattern's, or its most probable cause's. */
export function isCalled({ pattern, suspects: [first] }: Finding, ids: readonly string[]): boolean {
  return ids.includes(pattern) || (first !== undefined && ids.includes(first.cause));
}

/** Whether a finding is at least so serious. */
export function isAtLeast({ severity }: Finding, least: Finding['severity']): boolean {
  return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(least);
}

/** The findings that are chosen, and how many each choice has left out. */
export function chooseFindings({ only, ignore, minSeverity }: FindingSelection, all: readonly Finding[]): Chosen<Finding> {
  const steps: [LeftOut['by'], (finding: Finding) => boolean][] = [
    ['only', (finding) => only === undefined || isCalled(finding, only)],
    ['ignore', (finding) => ignore === undefined || !isCalled(finding, ignore)],
    ['severity', (finding) => minSeverity === undefined || isAtLeast(finding, minSeverity)],
  ];
  let chosen = [...all];
  const counts: LeftOut[] = [];
  for (const [by, isChosen] of steps) {
    const left = chosen.filter(isChosen);
    counts.push(...leftOut(by, 'findings', chosen.length - left.length));
    chosen = left;
  }
  return { chosen, leftOut: counts };
}

/** The report with so many of its findings, the worst, and the conversations that they are about, or all when they are asked for. */
export function onlyWorst(report: Report, most: number, all = false): Report {
  const [findings, rest] = [report.findings.slice(0, most), report.findings.slice(most)];
  const kept = new Set(findings.flatMap(conversationsOf));
  const dropped = new Set(rest.flatMap(conversationsOf).filter((conversation) => !kept.has(conversation)));
  const flows = all ? report.flows : report.flows.filter(({ capture, stream }) => !dropped.has(conversationKey(capture, stream)));
  return { ...report, findings, flows, leftOut: [...report.leftOut, ...leftOut('top', 'findings', rest.length)] };
}

function conversationsOf({ captures, streams }: Finding): string[] {
  return streams.map((stream) => conversationKey(captures?.[0], stream));
}

/** Several captures number their conversations each for itself. */
export function conversationKey(capture: string | undefined, stream: number): string {
  return `${stream} ${capture ?? ''}`;
}

/** Nothing when nothing is left out. */
export function leftOut(by: LeftOut['by'], what: LeftOut['what'], count: number): LeftOut[] {
  return count > 0 ? [{ by, what, count }] : [];
}
