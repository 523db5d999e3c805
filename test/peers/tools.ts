import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

export interface Tool {
  readonly name: string;
  readonly command: readonly string[];
  /** Exit codes with which it says that an input is damaged. */
  readonly codes: readonly number[];
  /** What it says of damaged inputs, where the exit code does not tell. */
  readonly words?: RegExp;
}

export const TOOLS: readonly Tool[] = [
  { name: 'tcpexplain', command: [process.execPath, join(process.cwd(), 'dist', 'cli.js'), '-F', 'json'], codes: [2, 3] },
  { name: 'tshark', command: ['tshark', '-n', '-r'], codes: [1, 2] },
  { name: 'tcpdump', command: ['tcpdump', '-n', '-r'], codes: [1] },
  { name: 'tcptrace', command: ['tcptrace', '-n', '-l'], codes: [1, 255], words: /PCAP error|Unknown input file format/ },
];

/** What one tool did with one file. */
export interface Outcome {
  readonly crashed: boolean;
  readonly hung: boolean;
  readonly noticed: boolean;
  readonly seconds: number;
  /** MiB of memory at its peak. */
  readonly peak: number;
}

/** Seconds after which nobody waits any longer. */
export const PATIENCE = 20;

const MOST = 1 << 20;
const KILLED = 9;
const BY_SIGNAL = 128;
/** What Node prints when nothing catches an error. */
const STACK = /^ {4}at /m;

export function isInstalled(name: string): boolean {
  return spawnSync('which', [name]).status === 0;
}

/** Its beginning and its end: some print more than a string can hold. */
function textOf(bytes: Buffer): string {
  return bytes.length <= MOST * 2
    ? bytes.toString('latin1')
    : `${bytes.toString('latin1', 0, MOST)}\n${bytes.toString('latin1', bytes.length - MOST)}`;
}

export function run({ command, codes, words }: Tool, path: string): Outcome {
  const patient = ['timeout', '-s', 'KILL', String(PATIENCE), ...command, path];
  const done = spawnSync('/usr/bin/time', ['-f', 'taken %e %M', ...patient], { maxBuffer: Number.POSITIVE_INFINITY });
  const { status } = done;
  const [stdout, stderr] = [textOf(done.stdout), textOf(done.stderr)];
  const [, seconds = 0, peak = 0] = /taken ([\d.]+) (\d+)\s*$/.exec(stderr)?.map(Number) ?? [];
  const signal = status !== null && status > BY_SIGNAL && !codes.includes(status) ? status - BY_SIGNAL : 0;
  const hung = signal === KILLED && seconds >= PATIENCE - 1;
  return {
    hung,
    crashed: (signal !== 0 && !hung) || STACK.test(stderr),
    noticed: (status !== null && codes.includes(status)) || words?.test(stdout + stderr) === true,
    seconds,
    peak: peak / 1024,
  };
}
