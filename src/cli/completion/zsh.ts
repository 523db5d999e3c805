import type { CommandGrammar, Grammar, OptionGrammar } from './grammar.js';

/** To be sourced, or to be put into a file of $fpath that is called like the function. */
export function* zsh({ program, commands }: Grammar): Generator<string> {
  const [main, ...others] = commands as [CommandGrammar, ...CommandGrammar[]];
  yield `#compdef ${program}`;
  yield `_${program}() {`;
  yield '  local -a commands';
  yield `  commands=(${others.map(({ name, description }) => quoted(`${name}:${description.replaceAll(':', ' -')}`)).join(' ')})`;
  yield '  case $words[2] in';
  for (const command of others) {
    yield `    ${command.name})`;
    yield '      shift words; (( CURRENT-- ))';
    yield `      ${argumentsOf(command)}`;
    yield '      return;;';
  }
  yield '  esac';
  yield '  (( CURRENT == 2 )) && _describe command commands';
  yield `  ${argumentsOf(main)}`;
  yield '}';
  yield `if [ "$funcstack[1]" = "_${program}" ]; then _${program} "$@"; else compdef _${program} ${program}; fi`;
}

function argumentsOf({ options, words }: CommandGrammar): string {
  const specs = options.flatMap((option) => [option.long, ...(option.short === undefined ? [] : [option.short])].map((flag) => spec(flag, option)));
  const rest = words.length > 0 ? `*:id:(${words.join(' ')})` : '*:capture:_files';
  return `_arguments ${[...specs, rest].map(quoted).join(' ')}`;
}

function spec(flag: string, { description, value }: OptionGrammar): string {
  const about = description.replace(/[[\]:\\]/g, ' ');
  if (value === undefined) return `${flag}[${about}]`;
  return `${flag}[${about}]:${value === 'file' ? 'file:_files' : value === 'any' ? 'value: ' : `value:(${value.join(' ')})`}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
