import type { CommandGrammar, Grammar, OptionGrammar } from './grammar.js';

/** To be put into a file of ~/.config/fish/completions. */
export function* fish({ program, commands }: Grammar): Generator<string> {
  const others = commands.filter(({ name }) => name !== '');
  const names = others.map(({ name }) => name).join(' ');
  for (const { name, description } of others) yield `complete -c ${program} -n __fish_use_subcommand -a ${name} -d ${quoted(description)}`;
  for (const command of commands) {
    const when = command.name === '' ? `not __fish_seen_subcommand_from ${names}` : `__fish_seen_subcommand_from ${command.name}`;
    for (const option of command.options) yield `complete -c ${program} -n ${quoted(when)} ${optionText(option)}`;
    yield* wordsOf(program, command, when);
  }
}

function* wordsOf(program: string, { words }: CommandGrammar, when: string): Generator<string> {
  if (words.length > 0) yield `complete -c ${program} -n ${quoted(when)} -f -a ${quoted(words.join(' '))}`;
}

function optionText({ long, short, description, value }: OptionGrammar): string {
  const takes = value === undefined ? '' : value === 'file' ? ' -r -F' : value === 'any' ? ' -x' : ` -x -a ${quoted(value.join(' '))}`;
  return `-l ${long.slice(2)}${short === undefined ? '' : ` -s ${short.slice(1)}`}${takes} -d ${quoted(description)}`;
}

function quoted(text: string): string {
  return `'${text.replace(/['\\]/g, '\\$&')}'`;
}
