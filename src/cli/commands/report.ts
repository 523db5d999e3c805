import { existsSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { type AnalyzeOptions, read, reportOn } from '../../analyze.js';
import { analyzeSeveral } from '../../analyze-several.js';
import type { Capture } from '../../capture/capture.js';
import { CaptureError } from '../../capture/error.js';
import { nearest } from '../../filter/words.js';
import type { Shard } from '../../flow/table/shard.js';
import type { Vantage } from '../../hosts/vantage.js';
import type { Report } from '../../report.js';
import type { Together } from '../../vantages/timelines.js';
import { shardOf, threads } from '../arguments.js';
import { addDeliveryOptions, addFailOn, type DeliveryWishes, deliver, formatOf } from '../delivery.js';
import { collect, keepYoungSmall } from '../engine.js';
import { EXAMPLES } from '../examples.js';
import { FactOptions } from '../facts.js';
import { reportFromThreads } from '../jobs.js';
import { addReadingOptions, addSelectionOptions, addSeveralOption, type SelectionWishes, selectionOf } from '../options.js';
import { openCaptures, type ReadingWishes, watched } from '../reading.js';
import { writeShard } from '../shard.js';

interface Options extends DeliveryWishes, ReadingWishes, SelectionWishes {
  vantage?: Vantage;
  several: Together;
  jobs?: number;
  shard?: Shard;
}

/** The command without a name: the program itself. */
export function report(program: Command): void {
  const facts = new FactOptions();
  program.argument('[captures...]', 'pcap or pcapng files, also gzipped; directories of them; - for standard input');
  addDeliveryOptions(program);
  addReadingOptions(program);
  program
    .addOption(new Option('--jobs <n>', 'share the work among so many threads; the report is the same').argParser(threads).conflicts('maxMemory'))
    .addOption(
      new Option('--shard <i/n>', 'do the i-th of n shares of the work, and write a part for "tcpexplain merge"')
        .argParser(shardOf)
        .conflicts('jobs'),
    );
  addSelectionOptions(program);
  program
    .optionsGroup('What you know, and what you want to know:')
    .addOption(new Option('--vantage <where>', 'where the capture was made, if you know').choices(['client', 'server', 'middle']))
    .addHelpText('before', EXAMPLES);
  addSeveralOption(program);
  addFailOn(program);
  facts.addTo(program).action((paths: string[], options: Options) => tell(paths, options, program, facts));
}

async function tell(paths: string[], options: Options, program: Command, facts: FactOptions): Promise<void> {
  if (paths.length === 0) program.help({ error: true });
  const known = await facts.read();
  refuseMisspelt(paths, program);
  const { vantage, all, several, shard, jobs = 1 } = options;
  const { hasHashes, hasGraphs } = formatOf(options);
  const sha256 = hasHashes === true || shard !== undefined;
  const opened = await openCaptures(paths, several, options, { sha256 });
  const reading = { ...opened, files: [...opened.files, ...facts.files] };
  const given = { graphs: hasGraphs === true, ...reading.options, ...(vantage && { vantage }), ...(all && { all }) };
  if (shard !== undefined) {
    await writeShard(reading, given, shard, options.out);
    return;
  }
  const wanted = { ...known, ...given, selection: selectionOf(options) };
  const made = await watched(reading.captures, () => explain(reading.captures, wanted, jobs));
  await deliver(made, reading.captures, reading.files, options);
}

async function explain(captures: readonly Capture[], wanted: AnalyzeOptions, jobs: number): Promise<Report> {
  const [capture, another] = captures;
  if (jobs > 1 && capture !== undefined && another === undefined) return reportFromThreads(capture, wanted, jobs);
  if (jobs > 1) process.stderr.write('tcpexplain: captures are compared in one thread: --jobs changes nothing\n');
  keepYoungSmall();
  if (capture === undefined || another !== undefined) return analyzeSeveral(captures, wanted);
  const made = await read(capture, wanted);
  collect();
  return reportOn(made, wanted);
}

/** The first name, where there is no such file, may be a command with a slip in it: then the captures behind it are not what is wanted. */
function refuseMisspelt([first = '-']: readonly string[], program: Command): void {
  if (first === '-' || existsSync(first)) return;
  const near = nearest(
    first,
    program.commands.map((command) => command.name()),
  );
  if (near !== undefined) throw new CaptureError(`${first}: there is no such file; did you mean "tcpexplain ${near}"?`);
}
