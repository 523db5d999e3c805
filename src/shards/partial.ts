import { createHash } from 'node:crypto';
import { deserialize, serialize } from 'node:v8';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { AnalyzeOptions, Read } from '../analyze.js';
import { CaptureError } from '../capture/error.js';
import { PastCapture } from '../capture/past.js';
import type { Shard } from '../flow/table/shard.js';
import { VERSION } from '../version.js';
import { fromPortable, type Portable, toPortable } from './portable.js';

/** Of parts that belong together all but the number of the shard is the same. */
export interface Label {
  /** The format of a part. */
  readonly part: 1;
  readonly tool: string;
  /** 1-based, as people count. */
  readonly shard: number;
  readonly of: number;
  /** A digest of what was read. */
  readonly capture: string;
  /** With which options, as far as they matter while a capture is read. */
  readonly options: Readonly<Record<string, string | number | boolean>>;
}

/** What one shard has read, ready to be merged with what the others have. */
export interface Partial {
  readonly name: string;
  readonly label: Label;
  readonly read: Read;
}

const LINE = 1 << 16;
const END = '"end"';

/** A part as lines of JSON: what it is, then everything that was read, and a last line that shows that nothing is cut off. */
export function* partialLines(made: Read, shard: Shard, options: Label['options']): Generator<string, void, void> {
  const label: Label = { part: 1, tool: VERSION, shard: shard.index + 1, of: shard.count, capture: digestOf(made), options };
  yield JSON.stringify(label);
  const files = made.capture.isAnonymous ? made.capture.files.map((file) => ({ ...file, sha256: undefined })) : made.capture.files;
  const capture = new PastCapture({ ...factsOf(made), files });
  const data = gzipSync(serialize(toPortable({ ...made, capture } satisfies Read)), { level: 1 }).toString('base64');
  for (let at = 0; at < data.length; at += LINE) yield `"${data.slice(at, at + LINE)}"`;
  yield END;
}

/** Throws CaptureError for anything else than a whole part that this program has made. */
export function readPartial(name: string, text: string): Partial {
  const [first = '', ...lines] = text.trimEnd().split('\n');
  const label = labelOf(first);
  if (label === undefined) throw new CaptureError(`${name} is no part of a report: "tcpexplain --shard 1/4 -o FILE CAPTURE" makes one`);
  if (label.tool !== VERSION)
    throw new CaptureError(`${name} was made by tcpexplain ${label.tool}, and this is ${VERSION}: make and merge all parts with the same`);
  if (lines.pop() !== END) throw new CaptureError(`${name} is cut off: make it again`);
  try {
    const data = Buffer.from(lines.map((line) => line.slice(1, -1)).join(''), 'base64');
    return { name, label, read: fromPortable(deserialize(gunzipSync(data)) as Portable) as Read };
  } catch {
    throw new CaptureError(`${name} is damaged: make it again`);
  }
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

function labelOf(line: string): Label | undefined {
  if (!line.startsWith('{"part":1,')) return undefined;
  try {
    return JSON.parse(line) as Label;
  } catch {
    return undefined;
  }
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
