import { basename } from 'node:path';
import type { Command } from 'commander';
import { type AnalyzeOptions, reportOn } from '../../analyze.js';
import { CaptureError } from '../../capture/error.js';
import { mergePartials } from '../../shards/merge.js';
import { LONGEST_LINE, type Partial, readPartial } from '../../shards/partial.js';
import { addDeliveryOptions, addFailOn, type DeliveryWishes, deliver, formatOf } from '../delivery.js';
import { FactOptions } from '../facts.js';
import { linesOf } from '../lines.js';
import { addSelectionOptions, type SelectionWishes, selectionOf } from '../options.js';

interface Options extends DeliveryWishes, SelectionWishes {}

const EXAMPLES = `
Examples:
  for i in 1 2 3 4; do tcpexplain --shard $i/4 -o part$i big.pcap & done; wait
  tcpexplain merge part1 part2 part3 part4
`;

export function merge(program: Command): void {
  const facts = new FactOptions();
  const command = program
    .command('merge')
    .description('the report of a capture whose shards were read apart (--shard): the same as if one had read it all')
    .argument('<parts...>', 'one of each shard, in any order')
    .addHelpText('after', EXAMPLES);
  addDeliveryOptions(command);
  addSelectionOptions(command, 'merge');
  addFailOn(command);
  facts.addTo(command).action((paths: string[], options: Options) => mergeParts(paths, options, facts));
}

async function mergeParts(paths: readonly string[], options: Options, facts: FactOptions): Promise<void> {
  const known = await facts.read();
  const partials: Partial[] = [];
  for (const path of paths) partials.push(await readPartial(basename(path), linesOf(path, LONGEST_LINE)));
  try {
    await deliverWhole(partials, [...paths, ...facts.files], options, known);
  } catch (error) {
    if (error instanceof CaptureError) throw error;
    throw new CaptureError(`the parts hold what no shard writes (${error}): make them again`);
  }
}

async function deliverWhole(partials: readonly Partial[], inputs: readonly string[], options: Options, known: AnalyzeOptions): Promise<void> {
  const { read, options: made } = mergePartials(partials);
  const all = made.all === true;
  const { hasGraphs } = formatOf(options);
  if (hasGraphs && !made.graphs) throw new CaptureError('nothing was gathered that graphs are drawn from: add -F html to --shard');
  const recorder = hasGraphs ? read.recorder : undefined;
  const report = reportOn({ ...read, recorder }, { ...known, selection: selectionOf(options), ...(all && { all }) });
  await deliver(report, [read.capture], inputs, { ...options, ...(all && { all }) });
}
