import { join } from 'node:path';
import { recordings } from '../recordings.js';
import { framesOf, type RecordedFrame } from './frames.js';

export interface Sample {
  /** <topic>/<plot>/<file> */
  readonly name: string;
  readonly frames: readonly RecordedFrame[];
}

/** One of every `step` captures on Ethernet, from another one on for each `turn`, so that all turns together see all of them. */
export function sample(turn: number, step: number): Sample[] {
  const files = recordings().flatMap(({ name, folder, captures }) => captures.map((file) => ({ name: `${name}/${file}`, path: join(folder, file) })));
  return files
    .filter((_, i) => i % step === turn % step)
    .flatMap(({ name, path }) => {
      const frames = framesOf(path);
      return frames === undefined || frames.length === 0 ? [] : [{ name, frames }];
    });
}
