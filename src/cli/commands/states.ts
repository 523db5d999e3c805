import type { Command } from 'commander';
import { listStates, type StateRow } from '../../listings/states.js';
import { tabSeparated } from '../../views/tab-separated.js';
import { list } from '../listing.js';
import { addReadingOptions } from '../options.js';
import type { ReadingWishes } from '../reading.js';

const COLUMNS: readonly (keyof StateRow)[] = ['time', 'stream', 'side', 'address', 'peer', 'from', 'to', 'frame', 'basis'];

const EXAMPLES = `
Examples:
  tcpexplain states capture.pcap | column -t
  tcpexplain states capture.pcap | awk '$7 == "TIME_WAIT"' | wc -l
`;

export function states(program: Command): void {
  const command = program
    .command('states')
    .description(`one line for each change of state of either end: ${COLUMNS.join(', ')}`)
    .argument('<captures...>')
    .addHelpText('after', EXAMPLES)
    .action((paths: string[], wishes: ReadingWishes) =>
      list(paths, wishes, async (capture, options) => tabSeparated(COLUMNS, await listStates(capture, options))),
    );
  addReadingOptions(command);
}
