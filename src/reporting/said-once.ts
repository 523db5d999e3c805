import type { PathPoint } from '../path-report.js';
import type { Finding, Report, ReportedSuspect } from '../report.js';
import { conversationKey } from '../selection.js';
import { secondOpinion } from './second-opinion.js';
import type { Witnesses } from './witnesses.js';

/** A finding as one of several captures shows it. */
interface Said {
  readonly point: PathPoint;
  readonly finding: Finding;
}

/**
 * A finding that several captures show is told from the one that can be surest about it, with the causes that only the others can be sure
 * of; each with the conversations, of all captures, that it is about.
 */
export function saidOnce(parts: readonly { readonly point: PathPoint; readonly report: Report }[], witnesses: Witnesses): Map<Finding, string[]> {
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
  return new Map(groups.map((group) => [told(group), conversationsOf(group)]));
}

function told(group: readonly Said[]): Finding {
  const [surest, ...others] = group.toSorted((a, b) => sureness(b.finding, b.point) - sureness(a.finding, a.point)) as [Said, ...Said[]];
  const suspects = [...surest.finding.suspects, ...others.flatMap((other) => addedBy(other, surest.finding))];
  return {
    captures: [surest, ...others].map(({ point }) => point.capture),
    ...surest.finding,
    suspects: suspects.toSorted((a, b) => CERTAINTIES.indexOf(b.certainty) - CERTAINTIES.indexOf(a.certainty)),
  };
}

/** What shows at one end only: that probes went unanswered, that the SYN had arrived. */
function addedBy({ point, finding }: Said, { suspects, ruledOut }: Finding): ReportedSuspect[] {
  const isKnown = (cause: string): boolean => [...suspects, ...ruledOut].some((other) => other.cause === cause);
  return finding.suspects
    .filter(({ cause, certainty }) => certainty !== 'possible' && !isKnown(cause))
    .map((suspect) => ({ ...suspect, because: suspect.because.map((reason) => `${point.capture}: ${reason}`) }));
}

function conversationsOf(group: readonly Said[]): string[] {
  return group.flatMap(({ point, finding }) => finding.streams.map((stream) => conversationKey(point.capture, stream)));
}

const CERTAINTIES: readonly string[] = ['possible', 'likely', 'certain', 'confirmed'];

/** The surer suspect first; of equals one that nothing speaks against, then the capture made at the end that it shows at, then any that names one. */
function sureness({ side, suspects: [first] }: Finding, { place }: PathPoint): number {
  const certainty = CERTAINTIES.indexOf(first?.certainty ?? '') + 1;
  const isClear = first !== undefined && first.against.length === 0;
  return certainty * 8 + (isClear ? 4 : 0) + (side !== null && place === side ? 2 : 0) + (first === undefined ? 0 : 1);
}
