import type { Command } from 'commander';

/** What can be completed of a command line, as the shells need it. */
export interface Grammar {
  readonly program: string;
  /** The program itself, whose name is empty, and its commands. */
  readonly commands: readonly CommandGrammar[];
}

export interface CommandGrammar {
  readonly name: string;
  readonly description: string;
  readonly options: readonly OptionGrammar[];
  /** Words that its arguments can be; without any they are files. */
  readonly words: readonly string[];
}

export interface OptionGrammar {
  readonly long: string;
  readonly short: string | undefined;
  readonly description: string;
  /** What its value can be: one of a list, a file, or anything; undefined for an option without a value. */
  readonly value: readonly string[] | 'file' | 'any' | undefined;
}

/** What the definition of the command line does not say. */
export interface Vocabulary {
  /** Words that the arguments of a command can be, by its name. */
  readonly words: Readonly<Record<string, readonly string[]>>;
  /** What the value of an option can be, by its long name. */
  readonly values: Readonly<Record<string, readonly string[]>>;
}

/** Taken from the definition of the command line itself, so that it is never behind. */
export function grammarOf(program: Command, vocabulary: Vocabulary): Grammar {
  return {
    program: program.name(),
    commands: [program, ...program.commands].map((command) => commandGrammar(command, command === program, vocabulary)),
  };
}

function commandGrammar(command: Command, isProgram: boolean, { words, values }: Vocabulary): CommandGrammar {
  const options = command.createHelp().visibleOptions(command);
  return {
    name: isProgram ? '' : command.name(),
    description: command.description(),
    options: options.flatMap(({ long, short, description, required, optional, argChoices, flags }) =>
      long === undefined || long === null
        ? []
        : [
            {
              long,
              short: short ?? undefined,
              description,
              value: required || optional ? (argChoices ?? values[long] ?? (flags.includes('<file>') ? 'file' : 'any')) : undefined,
            },
          ],
    ),
    words: words[command.name()] ?? [],
  };
}
