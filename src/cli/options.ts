import { type Command, Option } from 'commander';
import { CaptureError } from '../capture/error.js';
import { parseFilter } from '../filter/filter.js';
import { SEVERITIES } from '../report.js';
import type { PointInTime, Selection } from '../selection.js';
import { findingIds, memorySize, pointInTime, streamRanges, wholeNumber } from './arguments.js';

/** Kept as it is written, once it is known to be right. */
function writtenFilter(text: string): string {
  parseFilter(text);
  return text;
}

/** Options about how captures are read; every command that reads some takes them. */
export function addReadingOptions(program: Command): void {
  program
    .optionsGroup('Reading:')
    .option('-f, --filter <expression>', "only conversations with a packet that fits, in tcpdump's words: 'host 10.0.0.1 and port 80'", writtenFilter)
    .option('--max-flows <n>', 'follow so many conversations at a time', wholeNumber)
    .option('--max-memory <bytes>', 'take no more memory than this: 500M, 2G; fewer conversations are followed at a time', memorySize)
    .addOption(
      new Option('--anonymize <how>', 'other addresses, no names, no dates; "prefix" keeps networks together').choices(['consistent', 'prefix']),
    )
    .option(
      '--anon-key-file <file>',
      'the same addresses become the same ones in every report made with this key; without one they are numbered, or a key is drawn',
    );
}

/** How several files belong together. */
export function addSeveralOption(command: Command): void {
  command.addOption(
    new Option('--several <how>', 'several files are one capture after another, or the same traffic captured at several places')
      .choices(['auto', 'timeline', 'vantages'])
      .default('auto'),
  );
}

/** Options about how text looks. */
export function addAppearanceOptions(command: Command): void {
  command
    .addOption(new Option('--color <when>', 'colours').choices(['auto', 'always', 'never']).default('auto'))
    .option('--ascii', 'no characters beyond ASCII')
    .option('--width <columns>', 'width of the text', wholeNumber);
}

/** Options about what of a report is told. */
/** `of` a merge whether all conversations are listed was decided before. */
export function addSelectionOptions(program: Command, of: 'report' | 'merge' = 'report'): void {
  program
    .optionsGroup('Selection (what is left out is counted):')
    .option('--stream <numbers>', 'only these conversations, numbered as in Wireshark (of several captures, in the first): 3,7-9', streamRanges)
    .option('--from <time>', 'only conversations that go on then or later: seconds after the first packet, or a date with a time', pointInTime)
    .option('--to <time>', 'only conversations that go on then or earlier', pointInTime)
    .option('--only <ids>', 'only findings of these patterns or most probable causes', findingIds)
    .option('--ignore <ids>', 'no findings of these patterns or most probable causes', findingIds)
    .addOption(new Option('--min-severity <severity>', 'no findings less severe').choices(SEVERITIES))
    .option('--top <n>', 'so many findings, the worst (text: so many in full, 5 unless you say otherwise)', wholeNumber);
  if (of === 'report') program.option('--all', 'also list the conversations without a finding (for programs)');
}

export interface SelectionWishes {
  stream?: [number, number][];
  from?: PointInTime;
  to?: PointInTime;
  only?: string[];
  ignore?: string[];
  minSeverity?: Selection['minSeverity'];
}

export function selectionOf({ stream, from, to, only, ignore, minSeverity }: SelectionWishes): Selection {
  if (from && to && from.isAbsolute === to.isAbsolute && from.seconds > to.seconds)
    throw new CaptureError('--from is later than --to: nothing lies between');
  return {
    ...(stream && { streams: stream }),
    ...(from && { from }),
    ...(to && { to }),
    ...(only && { only }),
    ...(ignore && { ignore }),
    ...(minSeverity && { minSeverity }),
  };
}
