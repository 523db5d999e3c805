import { Capture, type CaptureOptions } from './capture.js';
import { type ByteSource, fileSource } from './source.js';

/** The captures of these files, one for each timeline; `input` follows the files of the first. Where nobody is to know them, files have numbers for names. */
export function capturesOf(
  timelines: readonly (readonly string[])[],
  options: CaptureOptions = {},
  input: readonly (() => Promise<ByteSource>)[] = [],
): Capture[] {
  let number = 0;
  return timelines.map((files, i) => {
    const sources = files.map((file) => {
      const alias = options.isAnonymous ? `capture ${++number}` : undefined;
      return () => fileSource(file, alias);
    });
    return new Capture([...sources, ...(i === 0 ? input : [])], options);
  });
}
