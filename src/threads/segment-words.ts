import { Segment } from '../decode/segment.js';

type Field = Exclude<keyof Segment, 'time'>;

const template = new Segment();
const FIELDS = Object.keys(template).filter((name) => name !== 'time') as readonly Field[];

/** Words that a whole segment takes: two for its time, one for each other number. */
export const SEGMENT_WORDS: number = FIELDS.reduce((sum, name) => {
  const value = template[name];
  return sum + (typeof value === 'object' ? value.length : 1);
}, 2);

/** Writes all that the decoder knows of a segment. Few are told so: most wait, in rows of their own. */
export function writeSegment(segment: Segment, words: Int32Array, doubles: Float64Array, start: number): void {
  doubles[start / 2] = segment.time;
  let at = start + 2;
  for (const name of FIELDS) {
    const value = segment[name];
    if (typeof value === 'object') for (const one of value) words[at++] = one;
    else words[at++] = Number(value);
  }
}

/** Reads what `writeSegment` has written. */
export function readSegment(segment: Segment, words: Int32Array, doubles: Float64Array, start: number): void {
  segment.time = doubles[start / 2] as number;
  let at = start + 2;
  for (const name of FIELDS) {
    const known = segment[name];
    if (typeof known === 'object') for (let i = 0; i < known.length; i++) known[i] = words[at++] as number;
    else Object.assign(segment, { [name]: typeof known === 'boolean' ? words[at++] === 1 : words[at++] });
  }
}
