import { InvalidArgumentError } from 'commander';
import { findingCalled, similar } from '../explain.js';
import { LEAST_MEMORY } from '../flow/bounds.js';
import type { Shard } from '../flow/table/shard.js';
import type { PointInTime } from '../selection.js';

export function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('a whole number above 0 is needed.');
  return number;
}

/** "500M": bytes, of which a thousand and 24 are a K. */
export function memorySize(text: string): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)([KMGT]?)(?:i?B)?$/i.exec(text) ?? [];
  if (number === '') throw new InvalidArgumentError('a number of bytes is needed, such as 500M or 2G.');
  const bytes = Number(number) * 1024 ** ' KMGT'.indexOf(unit.toUpperCase() || ' ');
  if (bytes < LEAST_MEMORY) throw new InvalidArgumentError(`no report can be made with less than ${LEAST_MEMORY / 1024 ** 2}M.`);
  return bytes;
}

/** More threads than these only take memory from one another. */
const MOST_THREADS = 64;

export function threads(text: string): number {
  const number = wholeNumber(text);
  if (number > MOST_THREADS) throw new InvalidArgumentError(`at most ${MOST_THREADS} threads.`);
  return number;
}

/** "2/4" */
export function shardOf(text: string): Shard {
  const [, number = 0, count = 0] = (/^(\d{1,5})\/(\d{1,5})$/.exec(text) ?? []).map(Number);
  if (number < 1 || number > count) throw new InvalidArgumentError('a number of a shard and how many there are is needed, such as 2/4.');
  return { index: number - 1, count };
}

/** "3,7-9" */
export function streamRanges(text: string): [number, number][] {
  return text.split(',').map((part) => {
    const [, low, high = low] = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(part.trim()) ?? [];
    if (low === undefined || Number(high) < Number(low)) throw new InvalidArgumentError('numbers of conversations are needed, such as 3,7-9.');
    return [Number(low), Number(high)];
  });
}

/** Ids of patterns and causes, joined by commas; a slip of the pen is no choice of nothing. */
export function findingIds(text: string): string[] {
  return text.split(',').map((part) => {
    const entry = findingCalled(part);
    if (entry !== undefined) return entry.id;
    const near = similar(part).filter((id) => findingCalled(id) !== undefined);
    throw new InvalidArgumentError(
      near.length > 0 ? `do you mean ${near.join(' or ')}?` : 'ids of patterns and causes are needed, as "tcpexplain explain" lists them.',
    );
  });
}

/** Seconds after the first packet, or a date with a time as in ISO 8601 (in UTC when it names no zone). */
export function pointInTime(text: string): PointInTime {
  if (/^\d+(\.\d+)?$/.test(text)) return { seconds: Number(text), isAbsolute: false };
  const isDate = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/i.test(text);
  const hasZone = /[T ].*(Z|[+-]\d{2}:?\d{2})$/i.test(text);
  const milliseconds = isDate ? Date.parse(text.replace(' ', 'T') + (hasZone || text.length === 10 ? '' : 'Z')) : Number.NaN;
  if (Number.isNaN(milliseconds))
    throw new InvalidArgumentError('seconds after the first packet are needed, such as 12.5, or a time such as 2026-11-21T08:31:00Z.');
  return { seconds: milliseconds / 1000, isAbsolute: true };
}
