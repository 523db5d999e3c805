import { parentPort, Worker, workerData } from 'node:worker_threads';
import { type AnalyzeOptions, type Read, read } from '../analyze.js';
import type { Capture } from '../capture/capture.js';
import { CaptureError } from '../capture/error.js';
import { PastCapture } from '../capture/past.js';
import type { Shard } from '../flow/table/shard.js';
import { pack } from '../shards/graph/pack.js';
import { unpack } from '../shards/graph/unpack.js';
import { mergeReads } from '../shards/merge.js';
import { INTERRUPTED } from './exit-codes.js';
import { openPlan, type Plan, type Reading } from './reading.js';

/** What a thread is told. */
interface Job {
  readonly plan: Plan;
  readonly options: Pick<AnalyzeOptions, 'vantage' | 'all' | 'graphs'>;
  readonly shard: Shard;
}

/** Reads a capture in so many shards, the first in this thread and each of the others in one of its own. */
export async function readInThreads({ plan, captures }: Reading, options: AnalyzeOptions, jobs: number): Promise<Read> {
  const { vantage, all, graphs } = options;
  const job = { plan, options: { ...(vantage && { vantage }), ...(all && { all }), ...(graphs && { graphs }) } };
  const workers = Array.from({ length: jobs - 1 }, (_, i) => {
    const shard = { index: i + 1, count: jobs };
    return new Worker(process.argv[1] as string, { workerData: { ...job, shard } satisfies Job });
  });
  try {
    const all = Promise.all(workers.map(readBy));
    all.catch(() => {}); // what is wrong with the capture this thread finds as well, and says better
    const first = await read(captures[0] as Capture, { ...options, shard: { index: 0, count: jobs } });
    if (process.exitCode === INTERRUPTED)
      throw new CaptureError('interrupted: threads stop at different packets, and what they read does not fit together');
    const others = await all;
    if (others.some(({ followed }) => !isAlike(followed, first.followed)))
      throw new CaptureError('the capture was changed while it was read, and the threads read different things: leave out --jobs');
    return mergeReads(first, others);
  } finally {
    for (const worker of workers) void worker.terminate();
  }
}

/** In a thread: reads its shard, and hands over what came of it. */
export async function work(): Promise<void> {
  const { plan, options, shard } = workerData as Job;
  const reading = openPlan(plan);
  const made = await read(reading.captures[0] as Capture, { ...reading.options, ...options, shard });
  const packed = pack({ ...made, capture: new PastCapture(made.capture) } satisfies Read);
  parentPort?.postMessage(packed, [packed.buffer as ArrayBuffer]);
}

function readBy(worker: Worker): Promise<Read> {
  return new Promise((resolve, reject) => {
    worker.once('message', (packed: Uint8Array) => resolve(unpack(Buffer.from(packed.buffer, 0, packed.length), Number.POSITIVE_INFINITY) as Read));
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`a thread ended with ${code} and without a result`)));
  });
}

function isAlike(one: Read['followed'], other: Read['followed']): boolean {
  const total = ({ packets, joined, firstTime, lastTime, evicted }: Read['followed']): string =>
    JSON.stringify([packets, joined, firstTime, lastTime, evicted]);
  return total(one) === total(other);
}
