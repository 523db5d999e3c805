import type { Command } from 'commander';
import { listFlags } from '../../listings/flags.js';
import { tabSeparated } from '../../views/tab-separated.js';
import { list } from '../listing.js';

export function flags(program: Command): void {
  program
    .command('flags')
    .description("one line for each of Wireshark's flags: frame, stream, flag, and our verdict on what really happened")
    .argument('<captures...>')
    .action((paths: string[]) => list(paths, async (capture) => tabSeparated(['frame', 'stream', 'flag', 'verdict'], await listFlags(capture))));
}
