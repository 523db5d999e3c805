import { join } from 'node:path';
import type { Vantage } from '../../src/hosts/vantage.js';
import type { Certainty } from '../../src/root-causes/cause.js';
import type { MeasuredCertainty } from '../../src/root-causes/certainty.js';
import { type Recording, truthOf, vantageOf } from '../recordings.js';
import { reportOn } from '../reports.js';

const RANK: readonly Certainty[] = ['possible', 'likely', 'certain'];

/** What the reports of a recording say, over all places where it was captured. */
export interface Told {
  /** Every cause that is named, by how sure at best. */
  named: Map<string, Certainty>;
  /** The same by the place of the capture. */
  byPlace: Map<string, Partial<Record<Vantage, Certainty>>>;
  /** The patterns that are found. */
  patterns: Set<string>;
}

export async function tell(recording: Recording): Promise<Told> {
  const told: Told = { named: new Map(), byPlace: new Map(), patterns: new Set() };
  const truth = truthOf(recording);
  for (const file of recording.captures) {
    const place = placeOf(vantageOf(truth, file) ?? file);
    const { findings } = await reportOn(join(recording.folder, file));
    for (const { pattern } of findings) told.patterns.add(pattern);
    for (const { cause, certainty } of findings.flatMap(({ suspects }) => suspects)) {
      if (certainty === 'confirmed') continue;
      told.named.set(cause, surer(told.named.get(cause), certainty));
      if (place === undefined) continue;
      const places = told.byPlace.get(cause) ?? {};
      told.byPlace.set(cause, { ...places, [place]: surer(places[place], certainty) });
    }
  }
  return told;
}

/** The table of root-causes/certainty.ts, as the recordings give it. */
export function certaintyTable(
  causes: readonly { id: string; capture: string }[],
  told: ReadonlyMap<string, Told>,
): Record<string, MeasuredCertainty> {
  const places: readonly Vantage[] = ['client', 'server', 'middle'];
  const rows = causes.map(({ id, capture }) => {
    const measured = told.get(capture)?.byPlace.get(id) ?? {};
    return [id, Object.fromEntries(places.flatMap((place) => (measured[place] === undefined ? [] : [[place, measured[place]]])))] as const;
  });
  return Object.fromEntries(rows.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function placeOf(name: string): Vantage | undefined {
  return (['client', 'server', 'middle'] as const).find((place) => name.startsWith(place));
}

function surer(a: Certainty | undefined, b: Certainty): Certainty {
  return a !== undefined && RANK.indexOf(a) > RANK.indexOf(b) ? a : b;
}
