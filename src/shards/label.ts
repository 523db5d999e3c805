import { CaptureError } from '../capture/error.js';
import { VERSION } from '../version.js';

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

/** More than anybody has. */
export const MOST_SHARDS = 99_999;

/** What the first line says that it is the first of. Throws CaptureError when that is no part, or one of another version. */
export function readLabel(name: string, line: string): Label {
  const label = labelOf(line);
  if (!isLabel(label)) throw new CaptureError(`${name} is no part of a report: "tcpexplain --shard 1/4 -o FILE CAPTURE" makes one`);
  if (label.tool !== VERSION)
    throw new CaptureError(`${name} was made by tcpexplain ${label.tool}, and this is ${VERSION}: make and merge all parts with the same`);
  return label;
}

function labelOf(line: string): unknown {
  if (!line.startsWith('{"part":1,')) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function isLabel(label: unknown): label is Label {
  const { tool, shard, of, capture, options } = (label ?? {}) as Partial<Label>;
  const isNumbered =
    Number.isInteger(shard) && Number.isInteger(of) && 1 <= Number(shard) && Number(shard) <= Number(of) && Number(of) <= MOST_SHARDS;
  return isNumbered && typeof tool === 'string' && typeof capture === 'string' && typeof options === 'object' && options !== null;
}
