import { type MessagePort, workerData } from 'node:worker_threads';
import { gathering, type Read, reportOn } from '../analyze.js';
import { Conversations } from '../conversations.js';
import { boundsOf } from '../flow/bounds.js';
import type { Report } from '../report.js';
import { pack } from '../shards/graph/pack.js';
import { unpack } from '../shards/graph/unpack.js';
import { type Gathered, join } from '../shards/merge.js';
import { Inbox } from './inbox.js';
import { Page } from './page.js';
import type { All, Answer, Job, Order } from './thread.js';

/** In a thread: analyses the conversations that it is told of, then hands over what came of it, or reports on everything. */
export function work(port: MessagePort): void {
  const job = workerData as Job;
  const own: Gathered = gathering(job);
  const inbox = new Inbox(new Conversations(own.recorder ?? own.gathered, boundsOf(job).slabBytes));
  port.on('message', (order: Order) => port.postMessage(answerTo(order)));

  function answerTo(order: Order): Answer {
    if ('report' in order) return { report: reported(order.report) };
    if ('handOver' in order) return { gathered: pack(own) };
    inbox.read(new Page(order.page));
    return order;
  }

  function reported({ read, gathered, selection }: All): Report {
    const made = together(unpacked(read) as Read, [own, ...gathered.map((others) => unpacked(others) as Gathered)]);
    return reportOn(made, { ...job, selection });
  }
}

/** What was gathered of all conversations, as if whoever has read the capture had gathered it. */
export function together(read: Read, [first, ...others]: readonly [Gathered, ...Gathered[]]): Read {
  first.gathered.hosts.adopt(read.gathered.hosts);
  for (const other of others) join(first, other);
  return { ...read, ...first };
}

function unpacked({ buffer, byteOffset, length }: Uint8Array): unknown {
  return unpack(Buffer.from(buffer, byteOffset, length), Number.POSITIVE_INFINITY);
}
