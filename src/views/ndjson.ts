import type { Finding, FlowReport, HostSummary, Report } from '../report.js';
import { escapedJson } from './escaped-json.js';
import { pathRecords } from './ndjson/paths.js';
import type { FlatRecord } from './ndjson/record.js';
import type { View } from './view.js';

/** One record a line with flat keys, for databases and `jq`: schema/record.schema.json describes each kind. */
export const ndjson: View = function* (report) {
  yield escapedJson(captureRecord(report));
  for (const host of report.hosts) yield escapedJson(hostRecord(host));
  for (const flow of report.flows) yield escapedJson(flowRecord(flow));
  for (const [i, finding] of report.findings.entries()) {
    yield escapedJson(findingRecord(finding, i));
    for (const record of suspectRecords(finding, i)) yield escapedJson(record);
    for (const record of ruledOutRecords(finding, i)) yield escapedJson(record);
  }
  for (const [i, path] of (report.paths ?? []).entries()) for (const record of pathRecords(path, i)) yield escapedJson(record);
};

function captureRecord({ version, tool, input, capture, leftOut }: Report): FlatRecord {
  const { linkTypes, frames, segments, start, seconds, conversations, caveats } = capture;
  return {
    record: 'capture',
    version,
    tool: tool.name,
    tool_version: tool.version,
    files: input.map(({ name }) => name),
    link_types: linkTypes,
    frames,
    segments,
    start,
    seconds,
    conversations,
    outcomes: Object.entries(capture.outcomes).map(([outcome, count]) => `${count} ${outcome}`),
    caveats: caveats.map(({ sentence }) => sentence),
    left_out: leftOut.map(({ by, what, count }) => `${count} ${what} by ${by}`),
  };
}

function hostRecord({ address, isLinux, kernel, reasons }: HostSummary): FlatRecord {
  return { record: 'host', address, is_linux: isLinux, kernel, reasons };
}

function flowRecord({ capture, stream, client, server, start, seconds, outcome, roundTrip, vantage, sent }: FlowReport): FlatRecord {
  return {
    record: 'flow',
    capture: capture ?? null,
    stream,
    client,
    server,
    start,
    seconds,
    outcome,
    round_trip: roundTrip,
    vantage: vantage.place,
    client_segments: sent.client.segments,
    client_bytes: sent.client.bytes,
    client_resent: sent.client.resent,
    server_segments: sent.server.segments,
    server_bytes: sent.server.bytes,
    server_resent: sent.server.resent,
  };
}

function findingRecord(
  { captures = [], pattern, title, severity, subject, side, streams, frames, filter, sentence, suspects: [first] }: Finding,
  finding: number,
): FlatRecord {
  return {
    record: 'finding',
    finding,
    captures,
    pattern,
    title,
    severity,
    subject,
    side,
    streams,
    frames,
    filter,
    sentence,
    cause: first?.cause ?? null,
    certainty: first?.certainty ?? null,
  };
}

/** Which finding, counted from 0, and which of its suspects, counted from 1. */
function suspectRecords({ suspects }: Finding, finding: number): FlatRecord[] {
  return suspects.map(({ cause, title, certainty, where, isLinux, because, against, facts }, i) => ({
    record: 'suspect',
    finding,
    rank: i + 1,
    cause,
    title,
    certainty,
    where,
    is_linux: isLinux,
    because,
    against,
    facts,
  }));
}

function ruledOutRecords({ ruledOut }: Finding, finding: number): FlatRecord[] {
  return ruledOut.map(({ cause, title, where, by }) => ({ record: 'ruled-out', finding, cause, title, where, by }));
}
