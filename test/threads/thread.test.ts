import { EventEmitter } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Page } from '../../src/threads/page.js';
import { type Order, Thread } from '../../src/threads/thread.js';

/** A thread that answers only when the test does. */
class Idle extends EventEmitter {
  readonly orders: Order[] = [];

  postMessage(order: Order): void {
    this.orders.push(order);
  }
}

let worker: Idle;
let thread: Thread;

beforeEach(() => {
  worker = new Idle();
  thread = new Thread(worker as unknown as Worker);
});

/** So many pages go to it that it falls behind. */
function fallBehind(): Promise<void> {
  for (let pages = 0; pages < 1000; pages++) {
    const behind = thread.caughtUp();
    if (behind !== undefined) return behind;
    thread.send(thread.blank());
  }
  throw new Error('it never falls behind');
}

describe('a thread that falls behind', () => {
  test('is waited for until it has read a page', async () => {
    const caughtUp = fallBehind();
    const [first] = worker.orders;
    worker.emit('message', first);
    await caughtUp;
    expect(thread.caughtUp()).toBeUndefined();
  });

  test('gets the pages that it has read once more', () => {
    const page: Page = thread.blank();
    thread.send(page);
    worker.emit('message', worker.orders[0]);
    expect(thread.blank().buffer).toBe(page.buffer);
  });

  test('and comes to grief is not waited for', async () => {
    const caughtUp = fallBehind();
    worker.emit('error', new Error('out of memory'));
    await expect(caughtUp).rejects.toThrow('out of memory');
    await expect(thread.caughtUp()).rejects.toThrow('out of memory');
  });
});

test('a thread that runs out of memory says what helps', async () => {
  const before = thread.handOver();
  worker.emit('error', Object.assign(new Error(), { code: 'ERR_WORKER_OUT_OF_MEMORY' }));
  await expect(before).rejects.toThrow('--max-memory makes do with less');
});

test('a thread that ends before it has answered is no answer', async () => {
  const before = thread.handOver();
  worker.emit('exit', 1);
  await expect(before).rejects.toThrow('a thread ended with 1 and without a result');
  await expect(thread.report({ read: new Uint8Array(), gathered: [], selection: {} })).rejects.toThrow('without a result');
});
