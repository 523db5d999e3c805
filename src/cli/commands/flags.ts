import type { Command } from 'commander';
import { type FlagRow, listFlags } from '../../listings/flags.js';
import { type ListingWishes, listRows } from '../listing.js';
import { addReadingOptions, addSeveralOption } from '../options.js';

const COLUMNS: readonly (keyof FlagRow)[] = ['frame', 'stream', 'flag', 'verdict'];

const EXAMPLES = `
Examples:
  tcpexplain flags capture.pcap | column -t
  tcpexplain flags client.pcap server.pcap    each capture's, behind its name
  tcpexplain flags -f 'port 443' capture.pcap | grep resent-timeout
  tcpexplain explain spurious_retransmission
`;

export function flags(program: Command): void {
  const command = program
    .command('flags')
    .description("one line for each of Wireshark's flags: frame, stream, flag, and our verdict on what really happened")
    .argument('<captures...>')
    .addHelpText('after', EXAMPLES)
    .action((paths: string[], wishes: ListingWishes) => listRows(paths, wishes, COLUMNS, listFlags));
  addReadingOptions(command);
  addSeveralOption(command);
}
