import type { CommandGrammar, Grammar, OptionGrammar } from './grammar.js';

/** To be read by `source`, or put into a file of /usr/share/bash-completion/completions. */
export function* bash({ program, commands }: Grammar): Generator<string> {
  const [main, ...others] = commands as [CommandGrammar, ...CommandGrammar[]];
  yield `_${program}() {`;
  // biome-ignore lint/suspicious/noTemplateCurlyInString: bash means it
  yield '  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command=';
  yield `  case \${COMP_WORDS[1]} in ${others.map(({ name }) => name).join('|')}) command=\${COMP_WORDS[1]};; esac`;
  yield '  COMPREPLY=()';
  yield '  case $command:$prev in';
  for (const command of commands) for (const option of command.options) yield* valueCase(command, option);
  yield '  esac';
  yield '  if [[ $cur == -* ]]; then';
  yield '    case $command in';
  for (const { name, options } of commands) yield `      '${name}') COMPREPLY=($(compgen -W '${options.flatMap(namesOf).join(' ')}' -- "$cur"));;`;
  yield '    esac';
  yield '    return';
  yield '  fi';
  yield '  case $command in';
  for (const { name, words } of others)
    if (words.length > 0) yield `    '${name}') COMPREPLY=($(compgen -W '${words.join(' ')}' -- "$cur")); return;;`;
  yield '  esac';
  yield `  [[ $COMP_CWORD == 1 ]] && COMPREPLY=($(compgen -W '${[...others.map(({ name }) => name), ...main.words].join(' ')}' -- "$cur"))`;
  yield '  COMPREPLY+=($(compgen -f -- "$cur"))';
  yield '}';
  yield `complete -o filenames -F _${program} ${program}`;
}

function* valueCase({ name }: CommandGrammar, option: OptionGrammar): Generator<string> {
  if (option.value === undefined) return;
  const given = namesOf(option)
    .map((flag) => `'${name}:${flag}'`)
    .join('|');
  const words = option.value === 'file' ? '-f' : option.value === 'any' ? undefined : `-W '${option.value.join(' ')}'`;
  yield `    ${given}) ${words === undefined ? '' : `COMPREPLY=($(compgen ${words} -- "$cur")); `}return;;`;
}

function namesOf({ long, short }: OptionGrammar): string[] {
  return short === undefined ? [long] : [long, short];
}
