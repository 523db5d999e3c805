import type { CapturedFile } from '../capture/capture.js';
import { durationText } from '../hosts/wording.js';
import type { Caveat } from '../report.js';

/** Nanoseconds: shorter gaps between two files are not worth a word. */
const GAP = 1e9;
/** A pause that many times as long as the longest within the files is no pause any more. */
const MUCH_LONGER = 5;
/** Of fewer frames nobody knows what pauses are usual. */
const ENOUGH = 20;
const MOST_SEAMS = 5;

/** How the files of one capture follow one another: where they overlap, where something is missing in between, and that the last one still grows. */
export function seams(files: readonly CapturedFile[]): Caveat[] {
  const read = files.filter(({ frames }) => frames > 0);
  const isKnown = read.reduce((sum, { frames }) => sum + frames, 0) >= ENOUGH;
  const longestPause = isKnown ? read.reduce((most, file) => Math.max(most, file.longestPause), 0) : Number.POSITIVE_INFINITY;
  const between = read.slice(1).flatMap((file, i) => {
    const end = read.slice(0, i + 1).reduce((latest, { lastTime }) => Math.max(latest, lastTime), Number.NEGATIVE_INFINITY);
    return seam(read[i]?.name ?? '', file, file.firstTime - end, longestPause);
  });
  const growing = files
    .filter(({ isGrowing }) => isGrowing)
    .map(({ name }) => ({ id: 'capture-growing', sentence: `${name} is still being written: what came after it was opened is not in this report.` }));
  const more = between.length - MOST_SEAMS;
  const rest = more > 0 ? [{ id: 'capture-seams', sentence: `${more} more files overlap or leave a gap.` }] : [];
  return [...between.slice(0, MOST_SEAMS), ...rest, ...growing];
}

/** `gap`: nanoseconds from the end of what was read before to the beginning of this file. */
function seam(before: string, { name }: CapturedFile, gap: number, longestPause: number): Caveat[] {
  if (gap < 0)
    return [
      {
        id: 'capture-overlap',
        sentence: `${name} begins ${durationText(-gap)} before ${before} ends: they overlap in time, and are read one after the other.`,
      },
    ];
  if (gap <= GAP || gap <= longestPause * MUCH_LONGER) return [];
  return [
    {
      id: 'capture-gap',
      sentence: `Between ${before} and ${name} nothing was captured for ${durationText(gap)}, far longer than any pause within the files: what looks lost there may only be missing.`,
    },
  ];
}
