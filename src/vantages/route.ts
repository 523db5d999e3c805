import type { Outcome } from './differences.js';
import type { Meeting, Met } from './meeting.js';

/** Two captures that met, by their number among all. */
export interface Encounter {
  readonly one: number;
  readonly other: number;
  readonly meeting: Meeting;
  /** Of every conversation: from the one to the other, and back. */
  readonly outcomes: readonly (readonly [Outcome, Outcome])[];
}

/** Whether the client of a conversation is on the side of the one capture. */
export function isClientAtOne({ one, other }: Met): boolean {
  const seen = one ?? other;
  if (seen === undefined) return true;
  return seen.flow.client === (seen.sender === 0 ? seen.flow.first : seen.flow.second);
}

/**
 * Of three and more points along a path only neighbours are compared: what is lost between the first and the last is lost between two of
 * those in between. Keeps of every encounter the conversations that no other capture saw between its two points.
 */
export function neighbours(encounters: readonly Encounter[]): Encounter[] {
  const farther = new Map<string, Set<string>>();
  for (const { one, other, meeting } of encounters) {
    for (const met of meeting.met) {
      const [near, far] = keysOf(met, one, other);
      if (near === undefined || far === undefined) continue;
      farther.set(near, (farther.get(near) ?? new Set()).add(far));
    }
  }
  const isDirect = (met: Met, one: number, other: number): boolean => {
    const [near, far] = keysOf(met, one, other);
    if (near === undefined || far === undefined) return isNext(one, other, encounters);
    return ![...(farther.get(near) ?? [])].some((between) => between !== far && farther.get(between)?.has(far));
  };
  return encounters
    .map((encounter) => ({ ...encounter, outcomes: encounter.outcomes.filter(([{ met }]) => isDirect(met, encounter.one, encounter.other)) }))
    .filter(({ outcomes }) => outcomes.length > 0);
}

/** The flow at the point nearer to its client and at the other one. */
function keysOf(met: Met, one: number, other: number): [string | undefined, string | undefined] {
  const first = met.one && `${one} ${met.one.flow.stream}`;
  const second = met.other && `${other} ${met.other.flow.stream}`;
  return isClientAtOne(met) ? [first, second] : [second, first];
}

/** No capture that met both lies between them; of the conversations that only one shows nothing better can be said. */
function isNext(one: number, other: number, encounters: readonly Encounter[]): boolean {
  const roundTrip = (a: number, b: number): number | undefined =>
    encounters.find((each) => (each.one === a && each.other === b) || (each.one === b && each.other === a))?.meeting.clock.uncertainty;
  const direct = roundTrip(one, other) ?? 0;
  const all = new Set(encounters.flatMap((each) => [each.one, each.other]));
  return ![...all].some((each) => {
    if (each === one || each === other) return false;
    const [there, onward] = [roundTrip(one, each), roundTrip(each, other)];
    return there !== undefined && onward !== undefined && there < direct && onward < direct;
  });
}
