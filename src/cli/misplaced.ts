import type { Command } from 'commander';

/** An option before the name of a command is one of the report's: to ignore it there would be a surprise. */
export function refuseMisplaced(program: Command, command: Command): void {
  const misplaced = program.options.find((option) => program.getOptionValueSource(option.attributeName()) === 'cli');
  if (misplaced !== undefined)
    program.error(`error: ${misplaced.long} stands before "${command.name()}"; options of a command stand behind its name`);
}
