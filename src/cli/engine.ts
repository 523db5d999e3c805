import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * How the engine is to go about it, in all threads. The collector looks for what is no longer used when the heap has grown by a half, not when there
 * is several times as much of that: a fifth to two fifths less memory for a twentieth more time. And a function is called thrice as often before it
 * is compiled for good: fewer are, with more knowledge, which saves a twentieth of the time. Later engines have a step between, and no such number.
 */
export function tuneEngine(): void {
  setFlagsFromString('--heap-growing-percent=50');
  if (process.versions.v8.startsWith('11.')) setFlagsFromString('--interrupt-budget=200000');
}

/** Bytes of the two halves among which young objects are moved: with half as much the collector comes twice as often, for next to nothing each time. */
const YOUNG = 16 * 1024 * 1024;

/** Young objects get no more room once they have so much. Only where there is one thread: those that begin later would be left with what they begin with. */
export function keepYoungSmall(): void {
  const observer = new PerformanceObserver(() => {
    const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
    if (young === undefined || young.space_size < YOUNG) return;
    setFlagsFromString('--semi-space-growth-factor=1');
    observer.disconnect();
  });
  observer.observe({ entryTypes: ['gc'] });
}

/** Bytes of the process, below which it is not worth the time. */
const MUCH = 128 * 1024 * 1024;

/** What is no longer used is given back at once, where there may be much of it. */
export function collect(): void {
  if (process.memoryUsage.rss() < MUCH) return;
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  gc();
}
