import type { Artifact, Location, Log, Notification, ReportingDescriptor, Result } from 'sarif';
import { explain } from '../explain.js';
import type { Finding, InputFile, Report, ReportedSuspect } from '../report.js';
import { causeLabel } from './cause-label.js';
import { escapedJson } from './escaped-json.js';
import { printable } from './printable.js';
import type { View } from './view.js';

/** SARIF 2.1.0, for platforms that collect findings. A rule is a pattern, its result names the frames and the suspects. */
export const sarif: View = function* (report) {
  yield escapedJson(logOf(report), 2);
};

const LEVELS = { failure: 'error', warning: 'warning', note: 'note' } as const;

function logOf({ tool, input, capture, findings, paths = [] }: Report): Log {
  const rules = [...new Set(findings.map(({ pattern }) => pattern))];
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: tool.name, version: tool.version, rules: rules.map((id) => ruleOf(id, findings)) } },
        artifacts: input.map(artifactOf),
        invocations: [
          {
            executionSuccessful: true,
            toolExecutionNotifications: [
              ...capture.caveats.map(({ id, sentence }) => notification(id, 'warning', sentence)),
              ...paths.flatMap(({ sentences }) => sentences.map((sentence) => notification('path', 'note', sentence))),
            ],
          },
        ],
        results: findings.map((finding) => resultOf(finding, rules.indexOf(finding.pattern), input)),
      },
    ],
  };
}

function notification(id: string, level: 'warning' | 'note', sentence: string): Notification {
  return { descriptor: { id }, level, message: { text: plain(sentence) } };
}

function artifactOf({ name, sha256 }: InputFile): Artifact {
  return { location: { uri: uriOf(name) }, ...(sha256 !== null && { hashes: { 'sha-256': sha256 } }) };
}

function ruleOf(id: string, findings: readonly Finding[]): ReportingDescriptor {
  const entry = explain(id);
  const title = findings.find(({ pattern }) => pattern === id)?.title ?? id;
  return {
    id,
    shortDescription: { text: title },
    ...(entry?.kind === 'pattern' && { fullDescription: { text: entry.about.replace(/\s+/g, ' ') } }),
  };
}

function resultOf(finding: Finding, ruleIndex: number, input: readonly InputFile[]): Result {
  const { pattern, severity, subject, sentence, suspects, ruledOut, streams, frames, filter, captures } = finding;
  const [first] = suspects;
  const cause = first === undefined ? '' : ` ${causeLabel(first.certainty)}: ${first.cause} (${first.certainty}).`;
  return {
    ruleId: pattern,
    ruleIndex,
    level: LEVELS[severity],
    message: { text: plain(`${subject}: ${sentence}${cause}`) },
    locations: input.length === 0 ? [] : [locationOf(finding, input)],
    partialFingerprints: { 'patternAndSubject/v1': printable(`${pattern} ${subject}`) },
    properties: {
      ...(captures && { captures: captures.map(printable) }),
      streams,
      frames,
      filter,
      suspects: suspects.map(suspectOf),
      ruledOut: ruledOut.map(({ cause, by }) => ({ cause, by: by.map(printable) })),
    },
  };
}

/** The file that holds the first frame of the proof: frames are numbered through all files of a capture. */
function locationOf({ frames: [frame = 0], subject, filter, captures }: Finding, input: readonly InputFile[]): Location {
  let before = 0;
  let index = input.findIndex(({ capture }) => capture === captures?.[0]);
  const last = input.findLastIndex(({ capture }) => capture === captures?.[0]);
  while (index < last && frame > before + (input[index]?.frames ?? 0)) before += input[index++]?.frames ?? 0;
  return {
    physicalLocation: { artifactLocation: { uri: uriOf(input[index]?.name ?? ''), index } },
    logicalLocations: [{ name: printable(subject), fullyQualifiedName: filter }],
    message: { text: `frame ${frame}` },
  };
}

function suspectOf({ cause, certainty, because, against, facts }: ReportedSuspect): object {
  return { cause, certainty, because: because.map(printable), against: against.map(printable), facts: facts.map(printable) };
}

/** A relative reference, whatever the name is. */
function uriOf(name: string): string {
  return name
    .replace(/\p{Cs}/gu, '\ufffd')
    .split('/')
    .map(encodeURIComponent)
    .join('/');
}

/** In a message "[text](target)" is a link (section 3.11.6). */
function plain(text: string): string {
  return printable(text).replaceAll('](', '] (');
}
