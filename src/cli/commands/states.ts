import type { Command } from 'commander';
import { listStates, type StateRow } from '../../listings/states.js';
import { type ListingWishes, listRows } from '../listing.js';
import { addReadingOptions, addSeveralOption } from '../options.js';

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
    .action((paths: string[], wishes: ListingWishes) => listRows(paths, wishes, COLUMNS, listStates));
  addReadingOptions(command);
  addSeveralOption(command);
}
