import type { Command } from 'commander';
import { listStates, type StateRow } from '../../listings/states.js';
import { tabSeparated } from '../../views/tab-separated.js';
import { list } from '../listing.js';

const COLUMNS: readonly (keyof StateRow)[] = ['time', 'stream', 'side', 'address', 'peer', 'from', 'to', 'frame', 'basis'];

export function states(program: Command): void {
  program
    .command('states')
    .description(`one line for each change of state of either end: ${COLUMNS.join(', ')}`)
    .argument('<captures...>')
    .action((paths: string[], _, command: Command) =>
      list(paths, command.optsWithGlobals(), async (capture, options) => tabSeparated(COLUMNS, await listStates(capture, options))),
    );
}
