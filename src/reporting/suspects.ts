import type { ReportedSuspect, RuledOut } from '../report.js';
import type { Where } from '../root-causes/cause.js';
import { type Occurrences, type Scene, testify } from '../root-causes/testimony/testify.js';
import { bySuspicion, type Suspect } from '../root-causes/weigh.js';

/** A finding before the hosts were heard: its suspects as the capture alone shows them. */
export interface Examined {
  readonly suspects: readonly Suspect[];
  /** Undefined where no end of a conversation is known. */
  readonly scene: Scene | undefined;
  readonly streams: readonly number[];
  readonly frames: readonly number[];
  /** How the ends are named in the report. */
  readonly names: { readonly own: string; readonly peer: string };
}

/** How often each cause is suspected at each host: what its counters must account for. */
export class Tally {
  private readonly byCause = new Map<string, { streams: Set<number>; frames: Set<number> }>();

  constructor(all: readonly Examined[]) {
    for (const { suspects, scene, streams, frames } of all) {
      for (const { cause, where } of suspects) {
        const key = `${cause.id} ${hostOf(where, scene)}`;
        const counted = this.byCause.get(key) ?? { streams: new Set(), frames: new Set() };
        for (const stream of streams) counted.streams.add(stream);
        for (const frame of frames) counted.frames.add(frame);
        this.byCause.set(key, counted);
      }
    }
  }

  of({ cause, where }: Suspect, scene: Scene): Occurrences {
    const { streams, frames } = this.byCause.get(`${cause.id} ${hostOf(where, scene)}`) ?? { streams: new Set(), frames: new Set() };
    return { conversations: streams.size, frames: Math.max(frames.size, streams.size) };
  }
}

function hostOf(where: Where, scene: Scene | undefined): string {
  if (scene === undefined) return '';
  return where === 'this end' ? scene.own.host : where === 'the peer' ? scene.peer.host : where;
}

/** The suspects after the hosts were heard, the most probable first, and those that their facts rule out. */
export function heard({ suspects, scene, names }: Examined, tally: Tally): { suspects: ReportedSuspect[]; ruledOut: RuledOut[] } {
  const all = suspects.map((suspect) => (scene === undefined ? suspect : testify(suspect, scene, tally.of(suspect, scene)))).sort(bySuspicion);
  const place = (where: Where): string => (where === 'this end' ? names.own : where === 'the peer' ? names.peer : where);
  const isOut = ({ ruledOut }: Suspect): boolean => ruledOut.length > 0;
  return {
    suspects: all
      .filter((suspect) => !isOut(suspect))
      .map(({ cause, where, certainty, because, against, facts, isLinux }) => {
        return { cause: cause.id, title: cause.title, certainty, where: place(where), isLinux: isLinux ?? null, because, against, facts };
      }),
    ruledOut: all.filter(isOut).map(({ cause, where, ruledOut }) => ({ cause: cause.id, title: cause.title, where: place(where), by: ruledOut })),
  };
}
