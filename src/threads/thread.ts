import type { Worker } from 'node:worker_threads';
import type { AnalyzeOptions } from '../analyze.js';
import { CaptureError } from '../capture/error.js';
import type { Report } from '../report.js';
import type { Selection } from '../selection.js';
import { Outbox, type Post } from './outbox.js';
import { Page } from './page.js';

/** What a thread is told at first. */
export type Job = Omit<AnalyzeOptions, 'others' | 'filter' | 'anonymizer' | 'selection'>;

/** What it is told: rows of a page, that it is to hand over what it has gathered, or that it is to report. */
export type Order = { readonly page: SharedArrayBuffer } | { readonly handOver: true } | { readonly report: All };

/** What all threads know, packed: the one that has read the capture, and others that have gathered. */
export interface All {
  readonly read: Uint8Array;
  readonly gathered: readonly Uint8Array[];
  /** What is to be told. */
  readonly selection: Selection;
}

/** What it answers. */
export type Answer = { readonly page: SharedArrayBuffer } | { readonly gathered: Uint8Array } | { readonly report: Report };

/** So many pages may be under way: the other thread is slower then, and is waited for. */
const MOST_UNDER_WAY = 16;

const OUT_OF_MEMORY = 'ERR_WORKER_OUT_OF_MEMORY';
const TOO_MUCH =
  'the conversations take more memory than there is: --max-memory makes do with less, in one thread, and "NODE_OPTIONS=--max-old-space-size=MEBIBYTES tcpexplain ..." gives more';

interface Waiting<Value> {
  resolve(value: Value): void;
  reject(error: unknown): void;
}

/** Another thread, as the one that reads the capture knows it. */
export class Thread implements Post {
  readonly outbox: Outbox;
  private readonly blanks: Page[] = [];
  private underWay = 0;
  private whoIsAhead: Waiting<void> | undefined;
  private whoIsDone: Waiting<Answer> | undefined;
  private failure: Error | undefined;

  constructor(private readonly worker: Worker) {
    this.outbox = new Outbox(this);
    worker.on('message', (answer: Answer) => this.hear(answer));
    worker.once('error', (error: NodeJS.ErrnoException) => this.fail(error.code === OUT_OF_MEMORY ? new CaptureError(TOO_MUCH) : error));
    worker.once('exit', (code) => this.fail(new Error(`a thread ended with ${code} and without a result`)));
  }

  blank(): Page {
    const page = this.blanks.pop() ?? new Page();
    page.clear();
    return page;
  }

  send({ buffer }: Page): void {
    this.underWay++;
    this.order({ page: buffer });
  }

  /** Rejects when the thread has come to grief. */
  caughtUp(): Promise<void> | undefined {
    if (this.underWay < MOST_UNDER_WAY) return undefined;
    return new Promise((resolve, reject) => {
      this.whoIsAhead = { resolve, reject };
      if (this.failure !== undefined) reject(this.failure);
    });
  }

  /** What it has gathered, packed, when all of its conversations are over. */
  async handOver(): Promise<Uint8Array> {
    const answer = await this.done({ handOver: true });
    if ('gathered' in answer) return answer.gathered;
    throw new Error('a thread has answered something else');
  }

  /** What it and all others say together. */
  async report(all: All): Promise<Report> {
    const answer = await this.done({ report: all });
    if ('report' in answer) return answer.report;
    throw new Error('a thread has answered something else');
  }

  private done(order: Order): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.whoIsDone = { resolve, reject };
      if (this.failure !== undefined) reject(this.failure);
      else this.order(order);
    });
  }

  private order(order: Order): void {
    this.worker.postMessage(order);
  }

  private hear(answer: Answer): void {
    if (!('page' in answer)) {
      this.whoIsDone?.resolve(answer);
      return;
    }
    this.blanks.push(new Page(answer.page));
    this.underWay--;
    if (this.underWay < MOST_UNDER_WAY) this.whoIsAhead?.resolve();
  }

  private fail(error: Error): void {
    this.failure = error;
    this.whoIsAhead?.reject(error);
    this.whoIsDone?.reject(error);
  }
}
