import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Moment, momentOf, spanOf } from '../../listings/netstat/moment.js';
import { censusText, netstatText } from '../../listings/netstat/text.js';
import { listCensus, listNetstat, type Netstat } from '../../listings/netstat.js';
import { indentedJson } from '../../views/indented-json.js';
import { appearance, type Wishes } from '../appearance.js';
import { type Listed, type ListingWishes, list, named } from '../listing.js';
import { localPortsIn } from '../local-ports.js';
import { addAppearanceOptions, addReadingOptions, addSeveralOption } from '../options.js';

interface Wanted extends Wishes, ListingWishes {
  at?: Moment;
  /** Nanoseconds. */
  every?: number;
  /** A file. */
  sysctl?: string;
  format: 'text' | 'json';
}

const EXAMPLES = `
Examples:
  tcpexplain netstat capture.pcap
  tcpexplain netstat --at 12.5 -f 'port 443' capture.pcap
  tcpexplain netstat --every 1s capture.pcap | column -t
`;

export function netstat(program: Command): void {
  const command = program
    .command('netstat')
    .description('the sockets of every host at a moment, as ss would have shown them, and how many are in which state')
    .argument('<captures...>')
    .option('--at <time>', 'seconds after the start of the capture, seconds since 1970, or a date (ISO 8601); otherwise its end', momentGiven)
    .addOption(new Option('--every <span>', 'the counts over time instead, at 500ms, 1s, 5min').argParser(spanGiven).conflicts('at'))
    .addOption(new Option('--sysctl <file>', 'sysctl -a of the client: its ip_local_port_range').conflicts('every'))
    .addOption(new Option('-F, --format <format>', 'how to say it').choices(['text', 'json']).default('text'))
    .addHelpText('after', EXAMPLES)
    .action(print);
  addReadingOptions(command);
  addSeveralOption(command);
  addAppearanceOptions(command);
}

async function print(paths: readonly string[], wanted: Wanted): Promise<void> {
  const { at, every, sysctl, format } = wanted;
  const localPorts = sysctl === undefined ? undefined : await localPortsIn(sysctl);
  const isJson = format === 'json';
  if (every !== undefined) {
    return list(
      paths,
      wanted,
      (capture, options) => listCensus(capture, every, options),
      (listed) => (isJson ? [JSON.stringify(listed.length > 1 ? [...named(listed)] : [...(listed[0]?.made ?? [])])] : under(listed, censusText)),
    );
  }
  const { width } = appearance(wanted, process.env, process.stdout);
  return list(
    paths,
    wanted,
    (capture, options) => listNetstat(capture, at, { ...options, ...(localPorts && { localPorts }) }),
    (listed) => (isJson ? tables(listed) : under(listed, (found) => netstatText(found, width))),
  );
}

/** The texts of several captures, each under its name. */
function* under<Made>(listed: readonly Listed<Made>[], text: (made: Made) => Iterable<string>): Generator<string> {
  for (const [i, { capture, made }] of listed.entries()) {
    if (i > 0) yield '';
    if (capture !== undefined) yield capture;
    yield* text(made);
  }
}

function tables(listed: readonly Listed<Netstat>[]): Iterable<string> {
  const [only] = listed;
  return indentedJson(listed.length > 1 ? listed.map(({ capture, made }) => ({ capture, ...made })) : only?.made);
}

function momentGiven(text: string): Moment {
  const moment = momentOf(text);
  if (moment === undefined) throw new InvalidArgumentError('seconds (12.5) or a date (2026-11-21T03:23:28Z) is needed.');
  return moment;
}

function spanGiven(text: string): number {
  const span = spanOf(text);
  if (span === undefined) throw new InvalidArgumentError('a span is needed: 500ms, 1s, 5min.');
  return span;
}
