import type { Finding } from '../../src/report.js';
import type { Label } from './labels.js';

/** What a report says, as far as it is scored. */
export type Said = Pick<Finding, 'pattern' | 'severity'> & { suspects: readonly { cause: string; certainty: string }[] };

export interface Score {
  /** Undefined where nothing is to be found and nothing has to be quiet: only false claims count there. */
  isHit: boolean | undefined;
  /** First suspects that are certain, and neither what the label wants nor what it allows. */
  falselyCertain: string[];
  /** First suspects that are surer than the place of capture allows. */
  overclaimed: string[];
  /** The first suspect of each finding with its certainty, to tell a miss by. */
  first: string[];
}

const RANK: Readonly<Record<string, number>> = { possible: 1, likely: 2, certain: 3, confirmed: 4 };
const CERTAIN = 3;
const LOUD: ReadonlySet<string> = new Set(['warning', 'failure']);
/** True of many recordings, whatever they are about. */
const ANYWHERE: ReadonlySet<string> = new Set(['timewait-accumulation', 'capture-ends-early']);

export function scoreOf({ must, alsoOk, atMost, isBenign }: Label, findings: readonly Said[]): Score {
  const firsts = findings.flatMap(({ suspects: [first] }) => (first === undefined ? [] : [first]));
  const rank = (certainty: string): number => RANK[certainty] ?? 0;
  const isOver = ({ cause, certainty }: (typeof firsts)[number]): boolean => {
    const limit = rank(atMost.get(cause) ?? 'confirmed');
    if (must.includes(cause)) return rank(certainty) > limit;
    return alsoOk.includes(cause) && rank(certainty) >= CERTAIN && limit < CERTAIN;
  };
  const isFalse = ({ cause, certainty }: (typeof firsts)[number]): boolean =>
    rank(certainty) >= CERTAIN && !must.includes(cause) && !alsoOk.includes(cause) && !ANYWHERE.has(cause);
  const loud = findings.filter(({ severity }) => LOUD.has(severity));
  const text = ({ cause, certainty }: (typeof firsts)[number]): string => `${cause} (${certainty})`;
  return {
    isHit: must.length > 0 ? firsts.some(({ cause }) => must.includes(cause)) : isBenign ? loud.length === 0 : undefined,
    falselyCertain: firsts.filter(isFalse).map(text),
    overclaimed: firsts.filter(isOver).map(text),
    first: firsts.map(text),
  };
}
