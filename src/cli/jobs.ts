import { Worker } from 'node:worker_threads';
import { type AnalyzeOptions, type Read, read, secondsAt } from '../analyze.js';
import type { Capture } from '../capture/capture.js';
import { PastCapture } from '../capture/past.js';
import type { Report } from '../report.js';
import type { PointInTime, Selection } from '../selection.js';
import { pack } from '../shards/graph/pack.js';
import { type Job, Thread } from '../threads/thread.js';

/** Room for young objects: with half as much, a thread that makes nothing else is collected twice as often, and all of them together take a twelfth more time. */
const ROOM = { maxYoungGenerationSizeMb: 96 };

/** Reads a capture in this thread while others analyse its conversations; the first of them reports. `jobs`: all of them, at least two. */
export async function reportFromThreads(capture: Capture, options: AnalyzeOptions, jobs: number): Promise<Report> {
  const { others, filter, anonymizer, selection = {}, ...job } = options;
  const workerData: Job = { ...job, hidesNetworks: anonymizer?.hidesNetworks ?? false };
  const workers = Array.from({ length: jobs - 1 }, () => new Worker(process.argv[1] as string, { workerData, resourceLimits: ROOM }));
  const threads = workers.map((worker) => new Thread(worker));
  try {
    const made = await read(capture, { ...options, others: threads.map(({ outbox }) => outbox) });
    for (const { outbox } of threads) outbox.flush();
    const [first, ...rest] = threads as [Thread, ...Thread[]];
    const gathered = await Promise.all(rest.map((thread) => thread.handOver()));
    const packed = pack({ ...made, capture: new PastCapture(made.capture) });
    return await first.report({ read: packed, gathered, selection: sinceStart(made, selection) });
  } finally {
    for (const worker of workers) void worker.terminate();
  }
}

/** The same selection for whoever does not know when the capture was made. */
function sinceStart(made: Read, { from, to, ...others }: Selection): Selection {
  const relative = (point: PointInTime): PointInTime => ({ seconds: secondsAt(made, point), isAbsolute: false });
  return { ...others, ...(from && { from: relative(from) }), ...(to && { to: relative(to) }) };
}
