import type { Flow } from '../flow/flow.js';
import type { PathPoint } from '../path-report.js';
import type { LeftOut } from '../report.js';
import { type ConversationSelection, isWithin } from '../selection.js';
import type { Encounter } from '../vantages/route.js';
import type { Witnesses } from './witnesses.js';

/** What of each of several captures is to be told. Numbers are those of the first capture: in the others the same conversations are chosen. */
export function selectionsIn(
  points: readonly PathPoint[],
  flows: readonly (readonly Flow[])[],
  witnesses: Witnesses,
  { streams, from, to }: ConversationSelection = {},
): ConversationSelection[] {
  const times = { ...(from && { from }), ...(to && { to }) };
  if (streams === undefined) return points.map(() => times);
  const [first] = points;
  return points.map(({ capture }, i) => {
    if (i === 0) return { streams, ...times };
    const numberInFirst = (stream: number): number =>
      witnesses.about(capture, stream).find(({ by, stream: twin }) => by === first && twin !== undefined)?.stream ?? Number.NaN;
    const same = (flows[i] ?? []).filter(({ stream }) => isWithin(streams, numberInFirst(stream)));
    return { streams: same.map(({ stream }) => [stream, stream] as const), ...times };
  });
}

/** Of every encounter the conversations that are chosen in one of its two captures. */
export function toldOf(encounters: readonly Encounter[], chosen: readonly ReadonlySet<Flow>[]): Encounter[] {
  const isChosen = (capture: number, seen: { flow: Flow } | undefined): boolean => seen !== undefined && chosen[capture]?.has(seen.flow) === true;
  return encounters.map((encounter) => ({
    ...encounter,
    outcomes: encounter.outcomes.filter(([{ met }]) => isChosen(encounter.one, met.one) || isChosen(encounter.other, met.other)),
  }));
}

/** Conversations that a choice leaves out of each of several captures, by number. */
export interface Dropped {
  readonly by: LeftOut['by'];
  readonly streams: readonly ReadonlySet<number>[];
}

/**
 * Of the conversations that a choice leaves out of the capture at this index, how many count for an earlier one already, or are told of by
 * another one: `told` are the numbers that are.
 */
export function countedElsewhere(
  index: number,
  { streams }: Dropped,
  points: readonly PathPoint[],
  told: readonly ReadonlySet<number>[],
  witnesses: Witnesses,
): number {
  const isCounted = (stream: number): boolean =>
    witnesses.about(points[index]?.capture ?? '', stream).some(({ by, stream: twin }) => {
      const other = points.indexOf(by);
      return twin !== undefined && (told[other]?.has(twin) === true || (other < index && streams[other]?.has(twin) === true));
    });
  return [...(streams[index] ?? [])].filter(isCounted).length;
}
