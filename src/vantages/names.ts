import type { Capture } from '../capture/capture.js';

/** What captures are called when there are several: by their files, and files of the same name in different directories by a number as well. */
export function namesOf(captures: readonly Capture[]): string[] {
  const names = captures.map(nameOf);
  return names.map((name, i) => {
    const before = names.slice(0, i).filter((each) => each === name).length;
    return before === 0 ? name : `${name} (${before + 1})`;
  });
}

function nameOf({ files }: Capture): string {
  const [first] = files;
  return first === undefined ? 'an empty capture' : files.length === 1 ? first.name : `${first.name} and ${files.length - 1} more`;
}
