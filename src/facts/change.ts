import type { CounterReading } from './counters/parse.js';

/** Counters as they stood at one moment. */
export interface Snapshot extends CounterReading {
  /** Seconds since 1970, where the file says. */
  readonly time: number | undefined;
}

/** How far counters rose from their first reading to the last. */
export interface Change {
  readonly since: number | undefined;
  readonly until: number | undefined;
  /** Undefined when that cannot be said: read once, unknown to this kernel, left out, or started again from 0 in between. */
  rise(name: string): number | undefined;
}

/** Readings in the order in which they were made; each may hold a part of the counters. Undefined where no counter was read twice. */
export function changeOver(snapshots: readonly Snapshot[]): Change | undefined {
  const rise = (name: string): number | undefined => {
    if (!snapshots.some(({ counters }) => counters.has(name))) return undefined;
    const readings = snapshots.filter((one) => one.counters.has(name) || isZero(one)).map(({ counters }) => counters.get(name) ?? 0);
    const [first, last] = [readings[0] ?? 0, readings.at(-1) ?? 0];
    return readings.length < 2 || last < first ? undefined : last - first;
  };
  const names = new Set(snapshots.flatMap(({ counters }) => [...counters.keys()]));
  if (!isForward(snapshots) || ![...names].some((name) => rise(name) !== undefined)) return undefined;
  return { since: snapshots[0]?.time, until: snapshots.at(-1)?.time, rise };
}

/** What a full listing without zeros lacks was 0. That it is full shows at a counter that no host is without. */
function isZero({ omitsZeros, counters }: Snapshot): boolean {
  return omitsZeros && counters.has('TcpInSegs');
}

/** Time goes on, and counters of every packet do as well, unless the host was started anew. */
export function isForward(snapshots: readonly Snapshot[]): boolean {
  return snapshots.every((later, i) => {
    const earlier = snapshots[i - 1];
    if (earlier === undefined) return true;
    const isLater = (later.time ?? Infinity) >= (earlier.time ?? 0);
    return isLater && EVERY_PACKET.every((name) => (later.counters.get(name) ?? Infinity) >= (earlier.counters.get(name) ?? 0));
  });
}

const EVERY_PACKET = ['IpInReceives', 'TcpInSegs', 'TcpOutSegs'];
