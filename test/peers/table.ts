import type { Outcome } from './tools.js';

export type Kind = 'random' | 'structural';

/** One tool and what it did with each file, in the order of the files. */
export interface Row {
  readonly name: string;
  readonly outcomes: readonly Outcome[];
}

/** What the tools did with the same damaged files, ours in the first row. */
export function peersTable(kinds: readonly Kind[], rows: readonly Row[]): string {
  const files = (kind: Kind): number => kinds.filter((each) => each === kind).length;
  const crashes = ({ outcomes }: Row, kind: Kind): number => outcomes.filter(({ crashed }, i) => crashed && kinds[i] === kind).length;
  const [own] = rows;
  return [
    `| tool | crashes, random bytes (${files('random')} files) | crashes, structure (${files('structural')}) | hangs above 20 s | damage noticed | of it, not by tcpexplain | mean ms | peak MiB |`,
    '|---|---|---|---|---|---|---|---|',
    ...rows.map((row) => {
      const { name, outcomes } = row;
      const alone = outcomes.filter(({ noticed }, i) => noticed && own?.outcomes[i]?.noticed !== true).length;
      const mean = outcomes.reduce((sum, { seconds }) => sum + seconds, 0) / outcomes.length;
      const cells = [
        name,
        crashes(row, 'random'),
        crashes(row, 'structural'),
        outcomes.filter(({ hung }) => hung).length,
        outcomes.filter(({ noticed }) => noticed).length,
        row === own ? '' : alone,
        Math.round(mean * 1000),
        Math.round(Math.max(...outcomes.map(({ peak }) => peak))),
      ];
      return `| ${cells.join(' | ')} |`;
    }),
  ].join('\n');
}
