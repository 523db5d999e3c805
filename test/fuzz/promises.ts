import { analyze } from '../../src/analyze.js';
import { analyzeSeveral } from '../../src/analyze-several.js';
import { Capture } from '../../src/capture/capture.js';
import { CaptureError } from '../../src/capture/error.js';
import { FORMATS } from '../../src/cli/formats.js';
import { listFlags } from '../../src/listings/flags.js';
import { netstatText } from '../../src/listings/netstat/text.js';
import { listNetstat } from '../../src/listings/netstat.js';
import { listStates } from '../../src/listings/states.js';
import type { Report } from '../../src/report.js';
import { memory } from '../bytes.js';

/** What holds for every input, whatever it is. Empty when all of it does. */
export function broken(file: Buffer): Promise<string[]> {
  return orRefused(async () => {
    const capture = captureOf(file);
    const report = await analyze(capture, { all: true, graphs: true });
    return [
      ...brokenCounts(report),
      ...brokenDamage(capture, file),
      ...brokenNumbers(report),
      ...brokenViews(report),
      ...(await brokenListings(file)),
    ];
  });
}

/** The same where another capture of the same conversations stands beside it. */
export function brokenBeside(file: Buffer, other: Buffer): Promise<string[]> {
  return orRefused(async () => {
    const report = await analyzeSeveral([captureOf(other), captureOf(file)]);
    return [...brokenNumbers(report), ...brokenViews(report)];
  });
}

/** What is no capture is refused in one line. */
async function orRefused(promises: () => Promise<string[]>): Promise<string[]> {
  try {
    return await promises();
  } catch (error) {
    if (error instanceof CaptureError) return isOneLine(error.message) ? [] : [`not one line: ${error.message}`];
    return [error instanceof Error ? (error.stack ?? error.message) : String(error)];
  }
}

function captureOf(file: Buffer): Capture {
  return new Capture([async () => memory(file, 1 << 16)]);
}

/** Every frame is counted for what it is, one that carries several packets for each of them, and none is cited that does not exist. */
function brokenCounts({ capture, findings, flows }: Report): string[] {
  const skipped = Object.values(capture.skipped).reduce((sum, count) => sum + count, 0);
  const cited = [
    ...findings.flatMap(({ frames }) => frames),
    ...flows.flatMap(({ moments, states }) => [...moments, ...states].map(({ frame }) => frame)),
  ];
  const told = new Set(flows.map(({ stream }) => stream));
  const streams = findings.flatMap((finding) => finding.streams);
  return [
    ...(skipped + capture.segments >= capture.frames ? [] : [`${capture.frames} frames, ${capture.segments} segments, ${skipped} skipped`]),
    ...cited.filter((frame) => !Number.isInteger(frame) || frame < 0 || frame > capture.frames).map((frame) => `there is no frame ${frame}`),
    ...streams.filter((stream) => !told.has(stream)).map((stream) => `there is no stream ${stream}`),
  ];
}

/** Where it says that it stopped, there is something. */
function brokenDamage({ damage }: Capture, { length }: Buffer): string[] {
  return damage
    .filter(({ offset, unread }) => unread !== undefined && offset + unread > length)
    .map(({ what, offset }) => `${what} at byte ${offset} of ${length}`);
}

/** JSON has no infinity. */
function brokenNumbers(value: unknown, path = 'report'): string[] {
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [`${path} is ${value}`];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => brokenNumbers(part, `${path}.${key}`));
}

const LOOK = { color: false, ascii: false, width: 100, top: 5, verbose: true };

function brokenViews(report: Report): string[] {
  const lines = Object.values(FORMATS).flatMap(({ view }) => [...view(report, LOOK)]);
  const text = lines.map((line) => line.replace(/\r$/, '')); // lines of CSV end so, RFC 4180
  return text.filter((line) => CONTROL.test(line)).map((line) => `a control character in ${JSON.stringify(line)}`);
}

async function brokenListings(file: Buffer): Promise<string[]> {
  await listFlags(captureOf(file));
  await listStates(captureOf(file));
  const lines = [...netstatText(await listNetstat(captureOf(file), undefined), 100)];
  return lines.filter((line) => CONTROL.test(line)).map((line) => `a control character in ${JSON.stringify(line)}`);
}

function isOneLine(text: string): boolean {
  return text !== '' && !text.includes('\n');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
