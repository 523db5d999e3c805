import type { Capture } from '../../capture/capture.js';

/** A moment that the reader asks about. */
export interface Moment {
  readonly seconds: number;
  /** Counted from 1970, not from the start of the capture. */
  readonly isAbsolute: boolean;
}

/** Nanoseconds before the moment: from them growth is measured. */
export const LOOK_BACK = 10e9;

/** Seconds since 1970 have at least so many; a capture lasts less. */
const SINCE_1970 = 1e8;

/** "12.5" after the start, "1795231406.7" since 1970, or a date as ISO 8601 writes it, UTC unless it says otherwise; undefined when it is none of these. */
export function momentOf(text: string): Moment | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) return { seconds: Number(text), isAbsolute: Number(text) >= SINCE_1970 };
  if (!/^\d{4}-\d{2}-\d{2}/.test(text)) return undefined;
  const hasZone = /(Z|[+-]\d{2}:?\d{2})$/i.test(text) || !/[T ]\d/.test(text);
  const parsed = Date.parse(hasZone ? text : `${text}Z`);
  return Number.isNaN(parsed) ? undefined : { seconds: parsed / 1000, isAbsolute: true };
}

/** "500ms", "1s", "2.5 min" or plain seconds, as nanoseconds; undefined when it is no span. */
export function spanOf(text: string): number | undefined {
  const [, number = '', unit = 's'] = /^(\d+(?:\.\d+)?) ?(ms|s|min|m|h)?$/.exec(text) ?? [];
  const span = Number(number) * (UNITS[unit] ?? 0);
  return number !== '' && span > 0 ? span : undefined;
}

const UNITS: Readonly<Record<string, number>> = { ms: 1e6, s: 1e9, m: 60e9, min: 60e9, h: 3600e9 };

/** Nanoseconds since the capture's epoch. `start` is its first frame. */
export function timeOf({ seconds, isAbsolute }: Moment, start: number, capture: Capture): number {
  return isAbsolute ? capture.timeAt(seconds) : start + seconds * 1e9;
}
