import { unsigned } from '../decode/sequence.js';
import type { ClockGraph } from '../graphs.js';
import type { AddressClocks } from '../hosts/clock.js';
import type { Finding } from '../report.js';

const MOST_CLOCKS = 8;
/** Findings that come from timestamps compared across connections (PAWS, RFC 7323 section 5). */
const OF_TIMESTAMPS: readonly string[] = ['older-timestamps-ignored', 'syn-strangely-answered', 'timestamp-went-back', 'time-wait-reopened'];

/** The timestamps of the addresses that a finding is about. `start`: nanoseconds of the capture's first frame. */
export function clockGraphs(clocks: AddressClocks, findings: readonly Finding[], start: number): ClockGraph[] {
  const streams = new Set(findings.filter(({ pattern }) => OF_TIMESTAMPS.includes(pattern)).flatMap((finding) => finding.streams));
  const concerned = clocks.all.filter(({ syns }) => syns.some(({ stream }) => streams.has(stream)));
  return concerned.slice(0, MOST_CLOCKS).map(({ client, server, syns, stamps }) => ({
    client,
    server,
    syns: syns.flatMap(({ stream, frame, time, tsval, isAnswered }) =>
      tsval === undefined ? [] : [{ stream, frame, at: (time - start) / 1e9, tsval: unsigned(tsval), isAnswered }],
    ),
    remembered: stamps.map(({ stream, time, tsval }) => ({
      stream,
      frame: null,
      at: (time - start) / 1e9,
      tsval: unsigned(tsval),
      isAnswered: true,
    })),
  }));
}
