import { basename } from 'node:path';
import { captureFilesIn, type NamedFile } from '../capture/several.js';
import { canBeReadTwice, fileSource } from '../capture/source.js';
import { emptySample, holdTheSame, type Sample, sampleOf } from './sample.js';

/** How several files belong together: found out from their content, or as the reader says. */
export type Together = 'auto' | 'timeline' | 'vantages';

/** Frames that are looked at of each file, when there are few files and when there are many. */
const MOST_OF_FEW = 1 << 20;
const MOST_OF_MANY = 1 << 16;
const FEW_FILES = 8;

type Candidate = Sample & NamedFile;

/**
 * The captures that the paths name, a directory standing for the files in it. The files of one capture follow one another in the order of
 * their first frame, whatever their names are (tcpdump -C, -G, -W); files that hold the same packets are several captures of the same.
 */
export async function timelinesIn(paths: readonly string[], together: Together = 'auto'): Promise<string[][]> {
  const named = await captureFilesIn(paths);
  if (named.length < 2) return [named.map(({ path }) => path)];
  const most = together !== 'auto' ? 1 : named.length <= FEW_FILES ? MOST_OF_FEW : MOST_OF_MANY;
  const candidates: Candidate[] = [];
  for (const each of named) {
    const sample = (await canBeReadTwice(each.path)) ? await sampleOf(() => fileSource(each.path), most) : emptySample();
    candidates.push({ ...each, ...sample });
  }
  const byTime = candidates.toSorted((a, b) => (a.first === b.first ? 0 : a.first - b.first));
  const groups = together === 'timeline' ? [byTime] : together === 'vantages' ? byArgument(byTime, paths) : byContent(byTime);
  const order = (group: readonly Candidate[]): number => Math.min(...group.map(({ named: path }) => paths.indexOf(path)));
  return groups.toSorted((a, b) => order(a) - order(b)).map((group) => group.map(({ path }) => path));
}

function byArgument(candidates: readonly Candidate[], paths: readonly string[]): Candidate[][] {
  return [...new Set(paths)].map((path) => candidates.filter(({ named }) => named === path));
}

/**
 * Files that hold the same are different captures; of the others each joins the capture whose files are named like it. What holds no frame is
 * no capture by itself: it goes with the first, which says what is wrong with it.
 */
export function byContent<File extends Sample & { path: string }>(byTime: readonly File[]): File[][] {
  const isTwice = (a: File, b: File): boolean => a !== b && holdTheSame(a, b);
  if (!byTime.some((a, i) => byTime.slice(i + 1).some((b) => isTwice(a, b)))) return [[...byTime]];
  const groups: File[][] = [];
  for (const file of byTime) {
    const belongsTo = (group: readonly File[]): boolean =>
      group.some(({ path }) => series(path) === series(file.path)) && !group.some((member) => isTwice(member, file));
    const alike = Number.isFinite(file.first) ? groups.find(belongsTo) : groups[0];
    if (alike === undefined) groups.push([file]);
    else alike.push(file);
  }
  return groups;
}

/** The name without what rotation adds to it: a number at its end, dates and long numbers anywhere. */
function series(path: string): string {
  return basename(path)
    .replace(/\.gz$/, '')
    .replace(/\d+$/, '')
    .replace(/\d{4,}([-_:.T]?\d{2,})*/g, '#');
}
