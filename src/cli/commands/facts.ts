import type { Command } from 'commander';
import { SCRIPT } from '../../facts/script.js';
import { writeLines } from '../out.js';

const EXAMPLES = `
Examples:
  tcpexplain facts > facts.sh
  sh facts.sh > before.txt
  tcpexplain capture.pcap --side server --facts before.txt --facts after.txt
`;

export function facts(program: Command): void {
  program
    .command('facts')
    .description('a shell script that saves what a host knows about its TCP: run it before and after a capture')
    .addHelpText('after', EXAMPLES)
    .action(() => writeLines([SCRIPT.trimEnd()], process.stdout));
}
