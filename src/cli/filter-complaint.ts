import type { FilterError } from '../filter/error.js';
import { printable } from '../views/printable.js';

/** So much of a long filter is shown before and after what is wrong in it. */
const AROUND = 60;

/** What is wrong with a filter, with a caret under it. */
export function filterComplaint({ message, filter, at, length }: FilterError): string {
  const start = Math.max(0, at - AROUND);
  const before = `${start > 0 ? '...' : ''}${printable(filter.slice(start, at))}`;
  const wrong = printable(filter.slice(at, at + Math.min(length, AROUND)));
  const after = printable(filter.slice(at + length, at + length + AROUND));
  return `tcpexplain: filter: ${printable(message)}\n  ${before}${wrong}${after}\n  ${' '.repeat(before.length)}${'^'.repeat(Math.max(wrong.length, 1))}\n`;
}
