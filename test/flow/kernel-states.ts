import { join } from 'node:path';
import { Capture } from '../../src/capture/capture.js';
import { fileSource } from '../../src/capture/source.js';
import { listNetstat } from '../../src/listings/netstat.js';
import { listStates } from '../../src/listings/states.js';
import { type Recording, sideOf, type Truth, truthOf } from '../recordings.js';
import { endOf, nameIn, type Requests, requestsIn } from './translated.js';

/** A state that one end entered, and when (seconds). */
export interface Entered {
  time: number;
  state: string;
}

/** One end of one connection in one capture: what the kernel went through, and what was inferred. */
export interface Judged {
  /** "file, side in states": where it was recorded, and whose states these are. */
  name: string;
  /** The capture was made at this end. */
  isOwn: boolean;
  kernel: readonly Entered[];
  inferred: readonly Entered[];
  matched: number;
  /** States that were not found, or found at another time, as "-STATE", and those that the kernel did not go through, as "+STATE". */
  wrong: readonly string[];
  /** How many of those that were not found happened before the first or after the last packet of the capture. */
  outside: number;
}

/** Seconds: so long after the last packet it has arrived. */
const ON_THE_WAY = 0.1;

/** Of each connection's end, by "address peer": the states in order. */
type Sequences = Map<string, Entered[]>;

/**
 * Every end of every connection that the kernel reported, in every capture of the recording; and how many are not judged there, since
 * an address translator gives them a name that cannot be told, or they took another way.
 */
export async function judge(recording: Recording): Promise<{ ends: Judged[]; nameless: number }> {
  const truth = truthOf(recording);
  const timeline = truth.timeline ?? [];
  const kernel = kernelStates(timeline);
  const sides = new Map(timeline.map(({ src, dst, side }) => [`${src} ${dst}`, side]));
  const seesRequests = timeline.some(({ new: state }) => state.endsWith('SYN_RECV'));
  const ends: Judged[] = [];
  let nameless = 0;
  const captures = truth.captures ?? [];
  const everywhere = await Promise.all(captures.map(({ file }) => requestsIn(captureOf(recording, file))));
  for (const [i, { file, vantage }] of captures.entries()) {
    const { sequences, sockets, start, end } = await inferredStates(() => captureOf(recording, file));
    for (const [key, states] of kernel) {
      const name = nameIn(everywhere[i] as Requests, key, everywhere);
      if (name === undefined) {
        nameless++;
        continue;
      }
      const all = sequences.get(name) ?? [];
      // Before 6.18 the tracepoint does not report requests: where the poll missed them too, nothing is known of them.
      const inferred = seesRequests && states.some(({ state }) => state === 'SYN_RECV') ? all : all.filter(({ state }) => state !== 'SYN_RECV');
      const isOwn = sides.get(key) === sideOf(vantage) && sockets.has(name.split(' ')[0] ?? '');
      const { matched, wrong, missed } = compare(states, inferred);
      const outside = missed.filter(({ time }) => time < start - ON_THE_WAY || time > end + ON_THE_WAY).length;
      ends.push({
        name: `${file.split('/').at(-1)?.replace('.pcap', '')}, ${sides.get(key)}`,
        isOwn,
        kernel: states,
        inferred,
        matched,
        wrong,
        outside,
      });
    }
  }
  return { ends, nameless };
}

export function f1(judged: readonly Judged[]): number {
  const sum = (of: (one: Judged) => number): number => judged.reduce((total, one) => total + of(one), 0);
  return (
    (2 * sum(({ matched }) => matched)) /
    Math.max(
      1,
      sum(({ kernel, inferred }) => kernel.length + inferred.length),
    )
  );
}

/** The kernel's names as ours: requests are in SYN_RECV, CLOSE is CLOSED; a listener is no connection. */
function fold(state: string): string {
  if (state === 'CLOSE') return 'CLOSED';
  return state === 'NEW_SYN_RECV' ? 'SYN_RECV' : state;
}

function enter(sequences: Sequences, key: string, state: string, time: number): void {
  if (state === 'LISTEN') return;
  const sequence = sequences.get(key) ?? [];
  sequences.set(key, sequence);
  const isRepeated = sequence.at(-1)?.state === state;
  const isNothing = sequence.length === 0 && state === 'CLOSED';
  if (!isRepeated && !isNothing) sequence.push({ time, state });
}

function kernelStates(timeline: NonNullable<Truth['timeline']>): Sequences {
  const sequences: Sequences = new Map();
  const isEnd = (socket: string): boolean => !socket.endsWith(':0');
  for (const { t, src, dst, new: state } of timeline.toSorted((a, b) => a.t - b.t)) {
    const staysInside = src.startsWith('127.') || src.startsWith('::1:'); // no packet of it passes the interface
    if (isEnd(src) && isEnd(dst) && !staysInside) enter(sequences, `${src} ${dst}`, fold(state), t);
  }
  return sequences;
}

function captureOf({ folder }: Recording, file: string): Capture {
  return new Capture([() => fileSource(join(folder, file))]);
}

async function inferredStates(capture: () => Capture): Promise<{ sequences: Sequences; sockets: Set<string>; start: number; end: number }> {
  const sequences: Sequences = new Map();
  const sockets = new Set<string>();
  const plain = (socket: string): string => socket.replaceAll(/[[\]]/g, '');
  for (const { address, peer, to, time } of await listStates(capture())) {
    enter(sequences, endOf(address, peer), to, Number(time));
    sockets.add(plain(address)).add(plain(peer));
  }
  const { at, length } = await listNetstat(capture());
  return { sequences, sockets, start: Number(at) - length, end: Number(at) };
}

/** Longest common subsequence of states that agree in time: within 0.25 s, or a quarter of the connection's age. */
function compare(kernel: readonly Entered[], inferred: readonly Entered[]): { matched: number; wrong: string[]; missed: Entered[] } {
  const born = kernel[0]?.time ?? 0;
  const fits = (a: Entered | undefined, b: Entered | undefined): boolean =>
    a !== undefined && b !== undefined && a.state === b.state && Math.abs(a.time - b.time) <= Math.max(0.25, 0.25 * (a.time - born));
  const table = Array.from({ length: kernel.length + 1 }, () => new Array<number>(inferred.length + 1).fill(0));
  const at = (i: number, j: number): number => table[i]?.[j] ?? 0;
  for (let i = 1; i <= kernel.length; i++) {
    for (let j = 1; j <= inferred.length; j++) {
      (table[i] as number[])[j] = fits(kernel[i - 1], inferred[j - 1]) ? at(i - 1, j - 1) + 1 : Math.max(at(i - 1, j), at(i, j - 1));
    }
  }
  const wrong: string[] = [];
  const missed: Entered[] = [];
  for (let i = kernel.length, j = inferred.length; i > 0 || j > 0; ) {
    if (i > 0 && j > 0 && fits(kernel[i - 1], inferred[j - 1]) && at(i, j) === at(i - 1, j - 1) + 1) {
      i--;
      j--;
    } else if (j === 0 || (i > 0 && at(i - 1, j) >= at(i, j - 1))) {
      const entered = kernel[--i] as Entered;
      wrong.unshift(`-${entered.state}`);
      missed.push(entered);
    } else wrong.unshift(`+${inferred[--j]?.state}`);
  }
  return { matched: at(kernel.length, inferred.length), wrong, missed };
}
