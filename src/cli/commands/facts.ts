import type { Command } from 'commander';
import { SCRIPT } from '../../facts/script.js';
import { writeLines } from '../out.js';

export function facts(program: Command): void {
  program
    .command('facts')
    .description('a shell script that saves what a host knows about its TCP: run it before and after a capture')
    .action(() => writeLines([SCRIPT.trimEnd()], process.stdout));
}
