import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Capture } from '../../src/capture/capture.js';
import { fileSource } from '../../src/capture/source.js';
import { listStates } from '../../src/listings/states.js';
import { recordings, type Truth, truthOf } from '../recordings.js';

/** A state that one end entered, and when (seconds). */
interface Entered {
  time: number;
  state: string;
}

/** Of each connection's end, by "address peer": the states in order. */
type Sequences = Map<string, Entered[]>;

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

function kernelStates({ timeline = [] }: Truth): Sequences {
  const sequences: Sequences = new Map();
  const isEnd = (socket: string): boolean => !socket.endsWith(':0');
  for (const { t, src, dst, new: state } of timeline.toSorted((a, b) => a.t - b.t)) {
    if (isEnd(src) && isEnd(dst)) enter(sequences, `${src} ${dst}`, fold(state), t);
  }
  return sequences;
}

async function inferredStates(path: string): Promise<Sequences> {
  const sequences: Sequences = new Map();
  for (const { address, peer, to, time } of await listStates(new Capture([() => fileSource(path)]))) {
    enter(sequences, `${address} ${peer}`.replaceAll(/[[\]]/g, ''), to, Number(time));
  }
  return sequences;
}

/** How many of the kernel's transitions are matched in order and in time: within 0.25 s, or a quarter of the connection's age. */
function matched(kernel: readonly Entered[], inferred: readonly Entered[]): number {
  const born = kernel[0]?.time ?? 0;
  const fits = (a: Entered, b: Entered): boolean => a.state === b.state && Math.abs(a.time - b.time) <= Math.max(0.25, 0.25 * (a.time - born));
  const table = Array.from({ length: kernel.length + 1 }, () => new Array<number>(inferred.length + 1).fill(0));
  kernel.forEach((a, i) => {
    inferred.forEach((b, j) => {
      const row = table[i + 1] as number[];
      row[j + 1] = fits(a, b) ? (table[i]?.[j] ?? 0) + 1 : Math.max(table[i]?.[j + 1] ?? 0, row[j] ?? 0);
    });
  });
  return table.at(-1)?.at(-1) ?? 0;
}

interface Score {
  matched: number;
  kernel: number;
  inferred: number;
}

function score(kernel: Sequences, inferred: Sequences, keys: Iterable<string>): Score {
  const total = { matched: 0, kernel: 0, inferred: 0 };
  for (const key of keys) {
    const [a, b] = [kernel.get(key) ?? [], inferred.get(key) ?? []];
    total.matched += matched(a, b);
    total.kernel += a.length;
    total.inferred += b.length;
  }
  return total;
}

const f1 = ({ matched: hits, kernel, inferred }: Score): number => (2 * hits) / Math.max(1, kernel + inferred);

const add = (a: Score, b: Score): Score => ({ matched: a.matched + b.matched, kernel: a.kernel + b.kernel, inferred: a.inferred + b.inferred });

describe('inferred states against those that the kernel reported', () => {
  // On other kernels than 6.18 the tracepoint reports fewer states (see captures/README.md): there the order is what counts.
  const judged = recordings().filter((recording) => !recording.name.includes('linux-') && (truthOf(recording).timeline?.[0]?.new ?? '') !== '');

  test('over all recordings, from both ends', async () => {
    let all: Score = { matched: 0, kernel: 0, inferred: 0 };
    let own: Score = { matched: 0, kernel: 0, inferred: 0 };
    for (const recording of judged) {
      const truth = truthOf(recording);
      const kernel = kernelStates(truth);
      const sides = new Map(truth.timeline?.map(({ src, dst, side }) => [`${src} ${dst}`, side]));
      for (const { file, vantage } of truth.captures ?? []) {
        const inferred = await inferredStates(join(recording.folder, file));
        all = add(all, score(kernel, inferred, kernel.keys()));
        const here = [...kernel.keys()].filter((key) => sides.get(key) === vantage[0]);
        own = add(own, score(kernel, inferred, here));
      }
    }
    console.log(`states: F1 ${f1(all).toFixed(4)} over all, ${f1(own).toFixed(4)} at the end where the capture was made`);
    expect(judged.length).toBeGreaterThan(80);
    expect(f1(all)).toBeGreaterThan(0.95);
    expect(f1(own)).toBeGreaterThan(0.95);
  });
});
