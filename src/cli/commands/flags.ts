import type { Command } from 'commander';
import { type FlagRow, listFlags } from '../../listings/flags.js';
import { tabSeparated } from '../../views/tab-separated.js';
import { list } from '../listing.js';

const COLUMNS: readonly (keyof FlagRow)[] = ['frame', 'stream', 'flag', 'verdict'];

export function flags(program: Command): void {
  program
    .command('flags')
    .description("one line for each of Wireshark's flags: frame, stream, flag, and our verdict on what really happened")
    .argument('<captures...>')
    .action((paths: string[], _, command: Command) =>
      list(paths, command.optsWithGlobals(), async (capture, options) => tabSeparated(COLUMNS, await listFlags(capture, options))),
    );
}
