import { createHash } from 'node:crypto';
import { getHeapStatistics } from 'node:v8';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { AnalyzeOptions, Read } from '../analyze.js';
import { CaptureError } from '../capture/error.js';
import { PastCapture } from '../capture/past.js';
import type { Shard } from '../flow/table/shard.js';
import { Gathering } from '../reporting/gathering.js';
import { GraphRecorder } from '../reporting/graph-recorder.js';
import { VERSION } from '../version.js';
import { pack } from './graph/pack.js';
import { NoRoom, unpack } from './graph/unpack.js';
import { type Label, readLabel } from './label.js';

/** What one shard has read, ready to be merged with what the others have. */
export interface Partial {
  readonly name: string;
  readonly label: Label;
  readonly read: Read;
}

/** Characters of a line between its quotes: whole groups of four, as base64 has them. */
const LINE = 1 << 16;
const END = '"end"';
/** No line of a part has more characters. */
export const LONGEST_LINE: number = LINE + 2;

/** Bytes that a part may hold, unpacked. */
const MOST = 2 ** 30;
/** A small one may hold so many, a larger one so many times what it has packed; a real one holds five times as much. */
const [MOST_OF_LITTLE, MOST_TIMES] = [1 << 26, 64];

/** A part as lines of JSON: what it is, then everything that was read, and a last line that shows that nothing is cut off. */
export function* partialLines(made: Read, shard: Shard, options: Label['options']): Generator<string, void, void> {
  const label: Label = { part: 1, tool: VERSION, shard: shard.index + 1, of: shard.count, capture: digestOf(made), options };
  yield JSON.stringify(label);
  const files = made.capture.isAnonymous ? made.capture.files.map((file) => ({ ...file, sha256: undefined })) : made.capture.files;
  const capture = new PastCapture({ ...factsOf(made), files });
  const whole = pack({ ...made, capture } satisfies Read);
  if (whole.length > MOST) throw new CaptureError(`shard ${label.shard} of ${label.of} is too much for one part: share the work among more`);
  const data = gzipSync(whole, { level: 1 }).toString('base64');
  for (let at = 0; at < data.length; at += LINE) yield `"${data.slice(at, at + LINE)}"`;
  yield END;
}

/** Throws CaptureError for anything else than a whole part that this program has made. */
export async function readPartial(name: string, lines: Iterable<string> | AsyncIterable<string>): Promise<Partial> {
  let label: Label | undefined;
  let isWhole = false;
  let length = 0;
  const packed: Buffer[] = [];
  for await (const line of lines) {
    if (label === undefined) label = readLabel(name, line);
    else if (line === END) isWhole = true;
    else if (line !== '') {
      const bytes = Buffer.from(line.slice(1, -1), 'base64');
      length += bytes.length;
      if (isWhole || length > MOST) throw damaged(name);
      packed.push(bytes);
    }
  }
  label ??= readLabel(name, '');
  if (!isWhole) throw new CaptureError(`${name} is cut off: make it again`);
  return { name, label, read: unpacked(name, Buffer.concat(packed)) };
}

function unpacked(name: string, packed: Buffer): Read {
  const most = Math.min(MOST, Math.max(MOST_OF_LITTLE, packed.length * MOST_TIMES));
  const free = freeHeap();
  try {
    return demandRead(unpack(gunzipSync(packed, { maxOutputLength: most }), Math.min(most, free)));
  } catch (error) {
    if (!(error instanceof NoRoom) || free > most) throw damaged(name);
    throw new CaptureError(`${name} takes more memory than there is: "NODE_OPTIONS=--max-old-space-size=MEBIBYTES tcpexplain merge ..." gives more`);
  }
}

/** Bytes that objects may take of the heap: half of what is left, as what is told of them takes some as well. */
function freeHeap(): number {
  const { heap_size_limit, used_heap_size } = getHeapStatistics();
  return (heap_size_limit - used_heap_size) / 2;
}

function demandRead(made: unknown): Read {
  const { capture, followed, gathered, recorder } = made as Read;
  const isCounted = [...Object.values(followed), ...followed.packets].every((count) => typeof count === 'number' || count === followed.packets);
  const isTold = capture.files.every(({ name }) => isText(name)) && capture.damage.every(({ file, what }) => isText(file) && isText(what));
  const isRead = capture instanceof PastCapture && gathered instanceof Gathering && isCounted;
  if (!isRead || !isTold || !(recorder === undefined || recorder instanceof GraphRecorder)) throw new TypeError('nothing that was read');
  return made as Read;
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function damaged(name: string): CaptureError {
  return new CaptureError(`${name} is damaged: make it again`);
}

/** What of the options decides what is gathered while a capture is read. */
export function gatheringOptions({ vantage, all, graphs, maxFlows, maxMemory }: AnalyzeOptions): Label['options'] {
  return {
    ...(vantage && { vantage }),
    ...(all && { all }),
    ...(graphs && { graphs }),
    ...(maxFlows && { maxFlows }),
    ...(maxMemory && { maxMemory }),
  };
}

function factsOf({ capture: { damage, linkTypes, epoch, isAnonymous } }: Read): Omit<PastCapture, 'files' | 'timeAt'> {
  return { damage, linkTypes, epoch, isAnonymous };
}

/** The same for all shards of one capture, whatever its files are called where they run; and nothing that tells an anonymous one. */
function digestOf({ capture, followed: { packets, joined, firstTime, lastTime, evicted } }: Read): string {
  const files = capture.files.map((file) => [file.frames, capture.isAnonymous ? null : (file.sha256 ?? null)]);
  return createHash('sha256')
    .update(JSON.stringify([files, packets, joined, firstTime, lastTime, evicted]))
    .digest('hex');
}
