import { continued } from '../hosts/wording.js';
import type { Finding, ReportedSuspect } from '../report.js';

export const MOST_FRAMES = 64;
export const MOST_STREAMS = 256;
/** A longer filter than this does not fit a line any more. */
const MOST_FILTERED = 20;
/** So many servers, ports of one, or hosts that tell the same story are told of together. */
const MANY = 4;

/**
 * The same story with the same causes is said once: of one server for all its conversations, of many ports of one host, or of many servers
 * that one client talks to.
 */
export function joinConversations(findings: readonly Finding[]): Finding[] {
  const each = findings.map((finding) => [finding]);
  const ofServers = merged(each, 1, story, (finding) => ends(finding).server);
  const ofHosts = merged(ofServers, MANY, likeness, (finding) => hostOf(ends(finding).server));
  return merged(ofHosts, MANY, likeness, (finding) => hostOf(ends(finding).client)).map(joined);
}

/** What many hosts or listeners show alike is said once for all of them. */
export function joinHosts(findings: readonly Finding[]): Finding[] {
  const each = findings.map((finding) => [finding]);
  return merged(each, MANY, likeness, () => '').map((group) => {
    const [first, ...others] = group as [Finding, ...Finding[]];
    if (others.length === 0) return first;
    const subject = `${first.subject} and ${others.length} more`;
    return { ...together(group), subject, sentence: `The same of ${group.length}; the first, ${first.subject}: ${continued(first.sentence)}` };
  });
}

/** Merges groups that are alike and of the same place, where there are so many of them; a group of several places stays as it is. */
function merged(
  groups: readonly Finding[][],
  least: number,
  likenessOf: (finding: Finding) => string,
  placeOf: (finding: Finding) => string,
): Finding[][] {
  const buckets = new Map<unknown, Finding[][]>();
  for (const group of groups) {
    const [first, ...others] = group as [Finding, ...Finding[]];
    const place = placeOf(first);
    const isOfOnePlace = others.every((finding) => placeOf(finding) === place);
    const key = isOfOnePlace ? `${likenessOf(first)} ${place}` : group;
    const bucket = buckets.get(key);
    if (bucket === undefined) buckets.set(key, [group]);
    else bucket.push(group);
  }
  return [...buckets.values()].flatMap((bucket) => (bucket.length >= least ? [bucket.flat()] : bucket));
}

function story({ pattern, side, severity, suspects }: Finding): string {
  return [pattern, side, severity, ...suspects.map(({ cause, certainty }) => `${cause} ${certainty}`)].join(' ');
}

/** Of different hosts, what is known of them has to be the same as well. */
function likeness(finding: Finding): string {
  const known = finding.suspects.map(({ isLinux, facts }) => [isLinux, facts]);
  return `${story(finding)} ${JSON.stringify([known, finding.ruledOut.map(({ cause, by }) => [cause, by])])}`;
}

function ends({ subject }: Finding): { client: string; server: string } {
  const [client = '', server = ''] = subject.split(' to ');
  return { client, server };
}

/** Without the port. */
function hostOf(socket: string): string {
  return socket.slice(0, socket.lastIndexOf(':')).replace(/^\[|\]$/g, '');
}

function joined(group: readonly Finding[]): Finding {
  const [first] = group as [Finding];
  if (group.length === 1) return first;
  const subject = `${group.length} conversations to ${whereTo(group, ends(first))}`;
  return { ...together(group), subject, sentence: `In ${group.length} conversations; the first: ${continued(first.sentence)}` };
}

function whereTo(group: readonly Finding[], { client, server }: { client: string; server: string }): string {
  if (group.every((finding) => ends(finding).server === server)) return server;
  const isOneServer = group.every((finding) => hostOf(ends(finding).server) === hostOf(server));
  return isOneServer ? `various ports of ${hostOf(server)}` : `various servers from ${hostOf(client)}`;
}

function together(group: readonly Finding[]): Finding {
  const [first] = group as [Finding];
  const streams = group.flatMap((finding) => finding.streams);
  const frames = group.flatMap((finding) => finding.frames);
  const isElsewhere = ({ cause, where }: ReportedSuspect): boolean =>
    group.some(({ suspects }) => suspects.some((other) => other.cause === cause && other.where !== where));
  return {
    ...first,
    streams: streams.slice(0, MOST_STREAMS),
    frames: frames.slice(0, MOST_FRAMES),
    filter: streams.length > 0 ? streamFilter(streams) : frameFilter(frames),
    suspects: first.suspects.map((suspect) => (isElsewhere(suspect) ? { ...suspect, where: `${suspect.where} and others` } : suspect)),
  };
}

export function streamFilter(streams: readonly number[]): string {
  if (streams.length === 1) return `tcp.stream eq ${streams[0]}`;
  return `tcp.stream in {${numbersText(streams, MOST_FILTERED)}}`;
}

export function frameFilter(frames: readonly number[]): string {
  return `frame.number in {${numbersText(frames, MOST_FRAMES)}}`;
}

/** Where there are more than fit, neighbours are joined to ranges: "1, 2, 4..19". */
function numbersText(numbers: readonly number[], most: number): string {
  const inOrder = [...Float64Array.from(numbers).sort()]; // as numbers, and of a flood fast
  return (numbers.length <= most ? inOrder.map(String) : ranges(inOrder)).slice(0, most).join(', ');
}

/** Of numbers in ascending order. */
function ranges(numbers: readonly number[]): string[] {
  const runs: [number, number][] = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last !== undefined && number <= last[1] + 1) last[1] = number;
    else runs.push([number, number]);
  }
  return runs.flatMap(([low, high]) => (low === high ? [`${low}`] : high === low + 1 ? [`${low}`, `${high}`] : [`${low}..${high}`]));
}
