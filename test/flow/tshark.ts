import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

/** The version whose rules we follow; others differ. */
export const RULES = '4.0.';
/** The version that is installed; undefined without one. */
export const tshark: string | undefined = /TShark \(Wireshark\) ([\d.]+)/.exec(
  spawnSync('tshark', ['--version'], { encoding: 'utf8' }).stdout ?? '',
)?.[1];
export const canAsk: boolean = tshark?.startsWith(RULES) === true;

/** Wireshark's flags, in the order of the columns. */
export const FLAGS = [
  'retransmission',
  'fast_retransmission',
  'spurious_retransmission',
  'out_of_order',
  'lost_segment',
  'ack_lost_segment',
  'duplicate_ack',
  'keep_alive',
  'keep_alive_ack',
  'zero_window',
  'zero_window_probe',
  'zero_window_probe_ack',
  'window_full',
  'window_update',
  'reused_ports',
] as const;

const FIGURES = ['duplicate_ack_num', 'duplicate_ack_frame', 'rto_frame', 'rto', 'acks_frame', 'ack_rtt', 'initial_rtt', 'bytes_in_flight'];

const PREFERENCES = [
  'tcp.analyze_sequence_numbers:TRUE',
  'tcp.relative_sequence_numbers:FALSE',
  'tcp.track_bytes_in_flight:TRUE',
  'tcp.fastrt_supersedes_ooo:TRUE',
  'tcp.check_checksum:FALSE',
  'tcp.desegment_tcp_streams:FALSE',
  'tcp.reassemble_out_of_order:FALSE',
  'tcp.try_heuristic_first:FALSE',
  'tcp.default_window_scaling:Not known',
  'ip.defragment:TRUE',
  'ip.check_checksum:FALSE',
  'ip.tso_support:TRUE',
  'ipv6.defragment:TRUE',
  'mptcp.analyze_mptcp:TRUE',
];

/** Protocols that announce connections before they exist and so change what is reported of them. */
const DISABLED = ['ftp', 'sip', 'rtsp', 'sdp', 'socks', 'mswsp', 'iscsi'];

/**
 * What tshark says of the TCP segments of a capture: a line for every frame with its number, stream, flags (joined by commas), completeness and the
 * figures, `-` where it has none; tab separated. Where a frame carries several segments, so do the columns. Segments quoted in ICMP errors or sampled
 * by sFlow are left out. Of a file that it cannot read to its end: what it said until then. Behind the figures, `more` fields.
 */
export async function askTshark(path: string, more: readonly string[] = []): Promise<string[]> {
  const fields = ['frame.number', 'tcp.stream', ...FLAGS.map(analysis), 'tcp.completeness', ...FIGURES.map(analysis), ...more];
  const lines = await linesOf([
    ...['-n', '-r', path, '-Y', 'tcp && !icmp && !icmpv6 && !sflow', '-T', 'fields'],
    ...PREFERENCES.flatMap((preference) => ['-o', preference]),
    ...DISABLED.flatMap((protocol) => ['--disable-protocol', protocol]),
    ...fields.flatMap((field) => ['-e', field]),
  ]);
  return lines
    .filter((line) => line.split('\t')[1]) // without a stream too little of the header was captured
    .map(row);
}

/** The same of several captures, one by one. */
export async function askEach(paths: readonly string[]): Promise<string[][]> {
  const answers: string[][] = [];
  const work = async (from: number): Promise<void> => {
    for (let i = from; i < paths.length; i += WORKERS) answers[i] = await askTshark(paths[i] as string);
  };
  await Promise.all(Array.from({ length: WORKERS }, (_, i) => work(i)));
  return answers;
}

const WORKERS = 2;

/** The last frame that tshark can read of a capture; 0 = none. */
export async function lastFrameOfTshark(path: string): Promise<number> {
  const lines = await linesOf(['-n', '-r', path, '-T', 'fields', '-e', 'frame.number']);
  return Number(lines.at(-1) ?? 0);
}

async function linesOf(options: readonly string[]): Promise<string[]> {
  const { stdout } = await promisify(execFile)('tshark', options, { encoding: 'utf8', maxBuffer: 1 << 29 }).catch((error) => {
    if (error.code === DAMAGED) return error as { stdout: string };
    throw error;
  });
  return stdout.split('\n').filter((line) => line !== '');
}

/** Exit code of tshark when a file ends, or cannot be understood, before its end. */
const DAMAGED = 2;

/** Column heads of the lines. */
export const COLUMNS: readonly string[] = ['frame', 'stream', 'flags', 'completeness', ...FIGURES];
export const HEAD: string = COLUMNS.join('\t');
const INITIAL_RTT = COLUMNS.indexOf('initial_rtt');

export const NO_SEGMENT = 'no segment';

/**
 * Of each frame whose rows are not the same: theirs and ours. Wireshark repeats the initial round trip time with some segments only; with which
 * is not compared. `tolerance` is in seconds.
 */
export function differences(theirs: readonly string[], ours: readonly string[], tolerance = 0): [string, string][] {
  const byFrame = (lines: readonly string[]): Map<string, string> => new Map(lines.map((line) => [line.slice(0, line.indexOf('\t')), line]));
  const [a, b] = [byFrame(theirs), byFrame(ours)];
  const frames = [...new Set([...a.keys(), ...b.keys()])];
  const pairs = frames.map((frame): [string, string] => [a.get(frame) ?? NO_SEGMENT, b.get(frame) ?? NO_SEGMENT]);
  return pairs.filter(([one, other]) => !areSame(one.split('\t'), other.split('\t'), tolerance));
}

function areSame(theirs: readonly string[], ours: readonly string[], tolerance: number): boolean {
  return theirs.every((value, i) => {
    const isUnsaid = i === INITIAL_RTT && value === '-';
    const isSpan = value.includes('.');
    return value === ours[i] || isUnsaid || (isSpan && Math.abs(Number(value) - Number(ours[i])) < tolerance);
  });
}

function row(line: string): string {
  const [frame, stream, ...values] = line.split('\t');
  const flags = FLAGS.filter((_, i) => values[i] !== '');
  const figures = values.slice(FLAGS.length).map((value) => value || '-');
  return [frame, stream, flags.join(',') || '-', ...figures].join('\t');
}

function analysis(name: string): string {
  return `tcp.analysis.${name}`;
}
