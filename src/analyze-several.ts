import { type AnalyzeOptions, analyze, chooseFlows, type Read, read, reportOn, spanOf } from './analyze.js';
import type { Capture } from './capture/capture.js';
import { CaptureError } from './capture/error.js';
import type { Flow } from './flow/flow.js';
import type { PathPoint } from './path-report.js';
import type { LeftOut, Report } from './report.js';
import { countedElsewhere, type Dropped, selectionsIn, toldOf } from './reporting/choice.js';
import type { HostSpans, Span } from './reporting/facts.js';
import { joinReports } from './reporting/join.js';
import { pathReports } from './reporting/path.js';
import { placeOf, placesOf } from './reporting/places.js';
import { Witnesses } from './reporting/witnesses.js';
import type { ConversationSelection } from './selection.js';
import { outcomesOf } from './vantages/differences.js';
import { meet } from './vantages/meeting.js';
import { namesOf } from './vantages/names.js';
import { Recorder } from './vantages/record.js';
import type { Recorded } from './vantages/recorded.js';
import { type Encounter, neighbours } from './vantages/route.js';

/**
 * Explains several captures of the same conversations: each by itself, with what the others say about where it was made, and what became of
 * the segments in between. Times and numbers stay those of the capture they come from.
 */
export async function analyzeSeveral(captures: readonly Capture[], options: AnalyzeOptions = {}): Promise<Report> {
  const [only] = captures;
  if (captures.length === 1 && only !== undefined) return analyze(only, options);
  if (options.vantage !== undefined)
    throw new CaptureError(
      'several captures of the same conversations tell themselves where they were made: leave out --vantage, or add --several timeline',
    );
  const reads: Read[] = [];
  const recorded: Recorded[] = [];
  for (const capture of captures) {
    const recorder = new Recorder();
    const made = await read(capture, options, (segment, flow, _, verdict) => recorder.noted(segment, flow, verdict));
    const origin = captures.find(({ files }) => files.some(({ frames }) => frames > 0)) ?? capture;
    reads.push(made);
    recorded.push(recorder.recorded(made.followed.firstTime, made.followed.lastTime, capture.secondsAfter(origin)));
  }
  const encounters = encountersOf(recorded);
  placesOf(
    encounters,
    reads.map(({ gathered }) => gathered.hosts),
  );
  const names = namesOf(captures);
  const points = reads.map(
    ({ gathered }, i): PathPoint => ({ capture: names[i] as string, place: placeOf(gathered.hosts, recorded[i]?.trace.known ?? []) }),
  );
  const witnesses = new Witnesses(encounters, points);
  const flows = recorded.map(({ trace }) => trace.flows.filter(({ isWanted }) => isWanted));
  const selections = selectionsIn(points, flows, witnesses, options.selection);
  const chosen = reads.map((each, i) => new Set(chooseFlows(each, selections[i] ?? {}, flows[i] ?? []).chosen));
  const paths = toldOf(neighbours(encounters), chosen).flatMap((encounter) => pathReports(encounter, points));
  const told = chosen.map(numbersOf);
  const dropped = droppedFrom(reads, recorded, selections);
  const parts = reads.map((each, i) => {
    const report = reportOn(each, { ...options, selection: selections[i] ?? {} }, spansFor(i, encounters, reads, points));
    const elsewhere = (by: LeftOut['by']): number =>
      dropped.filter((one) => one.by === by).reduce((sum, one) => sum + countedElsewhere(i, one, points, told, witnesses), 0);
    const leftOut = report.leftOut.map((one) => ({ ...one, count: one.count - elsewhere(one.by) })).filter(({ count }) => count > 0);
    return { point: points[i] as PathPoint, report: { ...report, leftOut }, left: recorded[i]?.trace.left ?? 0 };
  });
  return joinReports({ parts, witnesses, paths, isRelated: encounters.length > 0 }, options.selection, options.all);
}

/** What was saved on a host has the times of its clock, as has a capture that was made on it: this one, or one of the same conversations. */
function spansFor(index: number, encounters: readonly Encounter[], reads: readonly Read[], points: readonly PathPoint[]): HostSpans {
  const others = encounters.flatMap(({ one, other }) => (one === index ? [other] : other === index ? [one] : []));
  const at = (place: PathPoint['place']): Span[] =>
    [index, ...others]
      .filter((i) => points[i]?.place === place)
      .slice(0, 1)
      .map((i) => spanOf(reads[i] as Read));
  const [[client], [server]] = [at('client'), at('server')];
  return { ...(client && { client }), ...(server && { server }) };
}

/** What the choices of conversations leave out: those outside the filter, and of those with something to tell the ones with other numbers or times. */
function droppedFrom(reads: readonly Read[], recorded: readonly Recorded[], selections: readonly ConversationSelection[]): Dropped[] {
  const outside = (flows: readonly Flow[], kept: readonly Flow[]): Set<number> => {
    const numbers = numbersOf(kept);
    return numbersOf(flows.filter(({ stream }) => !numbers.has(stream)));
  };
  const choices = reads.map((each, i) => {
    const { streams, ...times } = selections[i] ?? {};
    const all = each.gathered.flows;
    const ofStreams = streams === undefined ? all : chooseFlows(each, { streams }, all).chosen;
    return { all, ofStreams, ofTimes: chooseFlows(each, times, ofStreams).chosen };
  });
  return [
    { by: 'filter', streams: recorded.map(({ trace }) => numbersOf(trace.flows.filter(({ isWanted }) => !isWanted))) },
    { by: 'stream', streams: choices.map(({ all, ofStreams }) => outside(all, ofStreams)) },
    { by: 'time', streams: choices.map(({ ofStreams, ofTimes }) => outside(ofStreams, ofTimes)) },
  ];
}

function numbersOf(flows: Iterable<Flow>): Set<number> {
  return new Set([...flows].map(({ stream }) => stream));
}

/** Every two captures that have a conversation in common. */
function encountersOf(recorded: readonly Recorded[]): Encounter[] {
  return recorded.flatMap((first, one) =>
    recorded.slice(one + 1).flatMap((second, k) => {
      const meeting = meet(first, second);
      return meeting === undefined ? [] : [{ one, other: one + 1 + k, meeting, outcomes: outcomesOf(meeting) }];
    }),
  );
}
