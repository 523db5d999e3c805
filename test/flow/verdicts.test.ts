import { beforeAll, describe, expect, test } from 'vitest';
import { type Recording, recordings } from '../recordings.js';
import type { Frame } from './kernel/frames.js';
import { markRecording } from './kernel/mark.js';
import { Score, table } from './kernel/score.js';
import { type KernelTruth, kernelTruthOf } from './kernel/truth.js';
import { UNKNOWABLE_VERDICTS } from './unknowable-verdicts.js';

/** Of one tool, by who could see what: frames captured at the side that sent them, and all others. */
interface Scores {
  readonly sender: Score;
  readonly other: Score;
  readonly all: Score;
}

const newScores = (): Scores => ({ sender: new Score(), other: new Score(), all: new Score() });
const ours = newScores();
const theirs = newScores();
const perRecording: [string, Score][] = [];
const mistaken: string[] = [];
let unshown = 0;

/** What is said of each resend, reordering, duplicate and probe in the recordings is judged by the kernels that sent or dropped it. */
beforeAll(async () => {
  for (const recording of recordings()) {
    const truth = kernelTruthOf(recording);
    if (truth !== undefined) await judge(recording, truth);
  }
}, 120_000);

async function judge(recording: Recording, truth: KernelTruth): Promise<void> {
  const { captures, unshown: missing } = await markRecording(recording, truth);
  const own = new Score();
  unshown += missing;
  for (const { frames, own: addresses, file } of captures) {
    for (const frame of frames) {
      const side = addresses.has(frame.host) ? 'sender' : 'other';
      for (const score of [ours[side], ours.all, own]) score.add(frame, frame.verdict);
      for (const score of [theirs[side], theirs.all]) score.add(frame, frame.theirs);
      if (isMistaken(frame)) mistaken.push(`${recording.name}/${file} frame ${frame.number}: ${frame.verdict}, but ${truthText(frame)}`);
    }
  }
  perRecording.push([recording.name, own]);
}

function isMistaken(frame: Frame): boolean {
  const alone = new Score();
  alone.add(frame, frame.verdict);
  const { found, kind, reordered, spurious, windowProbes, keepAlives, duplicates } = alone;
  return found.f1 < 1 || [kind, reordered, spurious, windowProbes, keepAlives, duplicates].some(({ value }) => value < 1);
}

function truthText({ what, kinds, spurious }: Frame): string {
  return [what, ...kinds, ...(spurious ? ['spurious'] : [])].join(' ');
}

describe('verdicts, judged by what the kernels sent, received and dropped', () => {
  test('all recordings whose kernels could be asked are judged, and every resend of a kernel is in a capture of its side', () => {
    const resends = ours.all.found.truly;
    expect(perRecording.length).toBeGreaterThan(140);
    expect(resends).toBeGreaterThan(500);
    expect(unshown).toBe(0);
  });

  test('resends are found: F1 at least 0.99 where they were sent, 0.97 elsewhere; of data as of all', () => {
    print();
    expect(ours.sender.found.f1).toBeGreaterThanOrEqual(0.99);
    expect(ours.sender.foundData.f1).toBeGreaterThanOrEqual(0.99);
    expect(ours.other.found.f1).toBeGreaterThanOrEqual(0.97);
    expect(ours.other.foundData.f1).toBeGreaterThanOrEqual(0.97);
  });

  test('reordering, duplicates, window probes and keep-alives are always told apart', () => {
    for (const { reordered, duplicates, windowProbes, keepAlives } of [ours.sender, ours.other]) {
      expect([reordered, duplicates, windowProbes, keepAlives].map(({ value }) => value)).toEqual([1, 1, 1, 1]);
    }
    const { reordered, duplicates, windowProbes, keepAlives } = ours.all;
    for (const { of } of [reordered, duplicates, windowProbes, keepAlives]) expect(of).toBeGreaterThan(5);
  });

  test('the kind of resend is right in 95 of 100, and needless ones are called so in 90', () => {
    for (const { kind } of [ours.sender, ours.other]) expect(kind.value).toBeGreaterThanOrEqual(0.95);
    expect(ours.all.spurious.value).toBeGreaterThanOrEqual(0.9);
  });

  test('a mistake is one that a single capture cannot avoid and is listed with its reason; what is listed is mistaken', () => {
    expect(mistaken.toSorted()).toEqual(Object.values(UNKNOWABLE_VERDICTS).flat().toSorted());
  });

  test.each(['sender', 'other', 'all'] as const)('Wireshark is farther from the truth in every column, or at it as well (%s)', (side) => {
    for (const name of ['found', 'foundData'] as const) {
      expect(ours[side][name].precision).toBeGreaterThanOrEqual(theirs[side][name].precision);
      expect(ours[side][name].recall).toBeGreaterThanOrEqual(theirs[side][name].recall);
      expect(ours[side][name].f1).toBeGreaterThan(theirs[side][name].f1);
    }
    for (const name of ['kind', 'reordered', 'spurious', 'windowProbes', 'keepAlives', 'duplicates'] as const) {
      const [own, other] = [ours[side][name].value, theirs[side][name].value];
      if (other < 1) expect(own, name).toBeGreaterThan(other);
      else expect(own, name).toBe(1);
    }
  });
});

function print(): void {
  const rows: [string, Score][] = [
    ['tcpexplain, side that sent', ours.sender],
    ['tshark, side that sent', theirs.sender],
    ['tcpexplain, other side', ours.other],
    ['tshark, other side', theirs.other],
    ['tcpexplain, total', ours.all],
    ['tshark, total', theirs.all],
  ];
  const judged = perRecording.filter(([, { found, reordered, windowProbes, keepAlives, duplicates }]) =>
    [found.truly + found.called, reordered.of, windowProbes.of, keepAlives.of, duplicates.of].some((count) => count > 0),
  );
  console.log([table(judged), '', table(rows), '', `mistakes: ${mistaken.length}`, ...mistaken].join('\n'));
}
