import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Capture } from '../../src/capture/capture.js';
import { showProgress } from '../../src/cli/progress.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** What stands on the terminal's line after so many milliseconds of reading, and after the end. */
function shown(progress: { bytes: number; size?: number; frames: number }, milliseconds: number): [during: string, after: string] {
  let text = '';
  const done = showProgress(() => ({ progress }) as Capture, { write: (more) => (text += more) });
  vi.advanceTimersByTime(milliseconds);
  const during = text;
  done();
  vi.advanceTimersByTime(10_000);
  return [during, text.slice(during.length)];
}

const CLEAR = '\r\u001b[K';

describe('progress', () => {
  test('is not shown of what takes less than a second', () => {
    expect(shown({ bytes: 500, size: 1000, frames: 10 }, 990)).toEqual(['', '']);
  });

  test('is part, packets, speed and the time that is left, in one line that goes away', () => {
    const [during, after] = shown({ bytes: 25e6, size: 100e6, frames: 200_000 }, 2000);
    expect(during.split(CLEAR).at(-1)).toBe('25 % of 100 MB, 200000 packets, 100k packets/s, 6 s left');
    expect(after).toBe(CLEAR);
  });

  test('of a pipe does not say how much is left: nobody knows', () => {
    const [during] = shown({ bytes: 2.5e6, frames: 3000 }, 1000);
    expect(during.split(CLEAR).at(-1)).toBe('2.5 MB read, 3000 packets, 3k packets/s');
  });

  test('of what has not begun is no division by nothing', () => {
    const [during] = shown({ bytes: 0, size: 0, frames: 0 }, 1000);
    expect(during.split(CLEAR).at(-1)).toBe('0 % of 0.0 MB, 0 packets, 0k packets/s');
  });
});
