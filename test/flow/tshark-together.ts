import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ethernet, pcap, tcpBytes } from '../packets.js';
import { askTshark, COLUMNS } from './tshark.js';

const run = promisify(execFile);

/** Captures that are put together: all of them, and a milestone before each, are open at the same time. */
const MOST = 100;

/**
 * What askTshark() says of each of several captures, numbered as if it were alone: one start of tshark takes longer than a thousand frames. The
 * captures are put one behind the other, between milestones that tell how many streams there were before. No two may have a connection in common.
 */
export async function askTogether(captures: readonly string[]): Promise<string[][]> {
  const answers: string[][] = [];
  for (let from = 0; from < captures.length; from += MOST) answers.push(...(await askOnce(captures.slice(from, from + MOST))));
  return answers;
}

async function askOnce(captures: readonly string[]): Promise<string[][]> {
  const folder = mkdtempSync(join(tmpdir(), 'together-'));
  try {
    const joined = join(folder, 'joined.pcapng');
    const files = captures.flatMap((path, i) => [milestone(folder, i), path]);
    await run('mergecap', ['-a', '-w', joined, ...files]);
    const answers = apart(await askTshark(joined, ['eth.src']));
    if (answers.length < captures.length) throw new Error(`tshark gives up in ${captures[answers.length - 1]}`);
    return answers;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Whether a capture is whole, and of a kind that can be put behind others. */
export async function canBeJoined(path: string): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'joined-')); // mergecap removes what it could not write whole, even if it is a device
  try {
    await run('mergecap', ['-w', join(folder, 'joined.pcapng'), path]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The link address of what sends milestones. */
const SURVEYOR = '02:6d:69:6c:65:73';
const SYN = 2;

/** A capture of the request for a connection that is nowhere else. */
function milestone(folder: string, number: number): string {
  const path = join(folder, `milestone-${number}.pcap`);
  const ends = { source: '198.18.0.1', destination: '198.18.0.2' };
  const header = { sourcePort: 1024 + number, destinationPort: 9, seq: 0, ack: 0, flags: SYN, window: 1000, length: 0 };
  const payload = tcpBytes({ ...ends, ...header, options: Buffer.alloc(0), badChecksum: false });
  const bytes = ethernet({ ...ends, time: 0, ttl: 64, ipId: 0, ecn: 0, payload, protocol: 6 });
  bytes.write(SURVEYOR.replaceAll(':', ''), 6, 'hex');
  writeFileSync(path, pcap([{ time: 0, bytes }]));
  return path;
}

/** Rows with the sender's link address behind them. */
function apart(rows: readonly string[]): string[][] {
  const captures: string[][] = [];
  let [framesBefore, streamsBefore] = [0, 0];
  for (const values of rows.map((row) => row.split('\t'))) {
    if (values.pop() === SURVEYOR) {
      [framesBefore, streamsBefore] = [Number(values[0]), Number(values[1]) + 1];
      captures.push([]);
    } else captures.at(-1)?.push(renumbered(values, framesBefore, streamsBefore));
  }
  return captures;
}

const IN_FRAMES: ReadonlySet<string> = new Set(['frame', 'duplicate_ack_frame', 'rto_frame', 'acks_frame']);

/** What tshark prints for a frame that there is not. */
const NO_FRAME = '0';

/** Counted from where its own capture begins. */
function renumbered(values: readonly string[], framesBefore: number, streamsBefore: number): string {
  const counted = values.map((value, i) => {
    const column = COLUMNS[i] as string;
    const before = column === 'stream' ? streamsBefore : IN_FRAMES.has(column) ? framesBefore : 0;
    const count = (one: string): string => (one === '-' || one === NO_FRAME ? one : String(Number(one) - before));
    return before === 0 ? value : value.split(',').map(count).join(',');
  });
  return counted.join('\t');
}
