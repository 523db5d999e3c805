import { Argument, type Command } from 'commander';
import { entries } from '../../explain.js';
import { SEVERITIES } from '../../report.js';
import { bash } from '../completion/bash.js';
import { fish } from '../completion/fish.js';
import { type Grammar, grammarOf } from '../completion/grammar.js';
import { zsh } from '../completion/zsh.js';
import { writeLines } from '../out.js';

const SHELLS: Readonly<Record<string, (grammar: Grammar) => Iterable<string>>> = { bash, zsh, fish };

/** Ids that a choice of findings can name. */
const FINDINGS = [
  ...new Set(
    entries()
      .filter(({ kind }) => kind === 'pattern' || kind === 'cause')
      .map(({ id }) => id),
  ),
];

const EXAMPLES = `
Examples:
  source <(tcpexplain completion bash)
  tcpexplain completion zsh > ~/.zfunc/_tcpexplain
  tcpexplain completion fish > ~/.config/fish/completions/tcpexplain.fish
`;

export function completion(program: Command): void {
  program
    .command('completion')
    .description('what a shell needs to complete commands, options and ids: source <(tcpexplain completion bash)')
    .addArgument(new Argument('<shell>').choices(Object.keys(SHELLS)))
    .addHelpText('after', EXAMPLES)
    .action((shell: string) => {
      const words = { explain: entries().map(({ id }) => id), completion: Object.keys(SHELLS) };
      const values = { '--only': FINDINGS, '--ignore': FINDINGS, '--fail-on': [...SEVERITIES, 'never', ...FINDINGS] };
      return writeLines(SHELLS[shell]?.(grammarOf(program, { words, values })) ?? [], process.stdout);
    });
}
