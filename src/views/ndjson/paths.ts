import type { PathEvent, PathReport, Rewriting, SilenceReport, WayReport } from '../../report.js';
import type { FlatRecord } from './record.js';

/** What became of the segments between two captures. `path` counts from 0. */
export function pathRecords(report: PathReport, path: number): FlatRecord[] {
  return [
    pathRecord(report, path),
    ...report.ways.map((way) => wayRecord(way, path)),
    ...report.events.map((event) => eventRecord(event, path)),
    ...report.rewritten.map((rewriting) => rewritingRecord(rewriting, path)),
    ...report.silences.map((silence) => silenceRecord(silence, path)),
  ];
}

function pathRecord({ from, to, clock, conversations, onlyFrom, onlyTo, eventsOmitted, sentences }: PathReport, path: number): FlatRecord {
  return {
    record: 'path',
    path,
    from: from.capture,
    from_place: from.place,
    to: to.capture,
    to_place: to.place,
    clock_offset: clock.offset,
    clock_drift: clock.drift,
    clock_uncertainty: clock.uncertainty,
    clock_basis: clock.basis,
    conversations,
    only_from: onlyFrom,
    only_to: onlyTo,
    events_omitted: eventsOmitted,
    sentences,
  };
}

function wayRecord({ delay, lostBytes, ...way }: WayReport, path: number): FlatRecord {
  return {
    record: 'path-way',
    path,
    ...way,
    lost_bytes: lostBytes,
    shortest_delay: delay?.shortest ?? null,
    median_delay: delay?.median ?? null,
    longest_delay: delay?.longest ?? null,
  };
}

function eventRecord({ kind, direction, at, from, to, segment, delay }: PathEvent, path: number): FlatRecord {
  return {
    record: 'path-event',
    path,
    kind,
    direction,
    at,
    from_stream: from?.stream ?? null,
    from_frame: from?.frame ?? null,
    to_stream: to?.stream ?? null,
    to_frame: to?.frame ?? null,
    segment,
    delay,
  };
}

function rewritingRecord({ what, direction, before, after, count, frames }: Rewriting, path: number): FlatRecord {
  return { record: 'path-rewriting', path, what, direction, before, after, count, from_frame: frames.from, to_frame: frames.to };
}

function silenceRecord({ of, at, seconds, streams, whose, sentence }: SilenceReport, path: number): FlatRecord {
  return { record: 'path-silence', path, of, at, seconds, from_stream: streams.from, to_stream: streams.to, whose, sentence };
}
