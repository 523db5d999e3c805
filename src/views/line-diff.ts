/** So many unchanged lines are shown around a change. */
const AROUND = 2;
/** Longer texts than these are not compared line by line in the middle where they differ. */
const MOST_CELLS = 4_000_000;
/** So many lines of what is not compared line by line are shown, and so many characters of a line. */
const [MOST_LINES, MOST_CHARACTERS] = [5_000, 10_000];

/** How one text becomes another, line by line: "- " what goes, "+ " what comes, "  " what stays around it; nothing where they are equal. */
export function lineDiff(before: string, after: string): string[] {
  const [old, recent] = [before.split('\n'), after.split('\n')];
  let head = 0;
  while (head < old.length && head < recent.length && old[head] === recent[head]) head++;
  let tail = 0;
  while (tail < old.length - head && tail < recent.length - head && old.at(-1 - tail) === recent.at(-1 - tail)) tail++;
  const middle = edits(old.slice(head, old.length - tail), recent.slice(head, recent.length - tail));
  if (middle.length === 0) return [];
  return hunks([...old.slice(0, head).map(same), ...middle, ...old.slice(old.length - tail).map(same)]);
}

function same(line: string): string {
  return `  ${line}`;
}

/** By a longest common subsequence. */
function edits(old: readonly string[], recent: readonly string[]): string[] {
  if (old.length * recent.length > MOST_CELLS) return [...firstOf(old, '-'), ...firstOf(recent, '+')];
  const width = recent.length + 1;
  const common = new Uint32Array((old.length + 1) * width);
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = recent.length - 1; j >= 0; j--) {
      common[i * width + j] = old[i] === recent[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: string[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < recent.length) {
    if (i < old.length && j < recent.length && old[i] === recent[j]) {
      lines.push(same(old[i++] ?? ''));
      j++;
    } else if (j >= recent.length || (i < old.length && at(i + 1, j) >= at(i, j + 1))) lines.push(`- ${cut(old[i++])}`);
    else lines.push(`+ ${cut(recent[j++])}`);
  }
  return lines;
}

function firstOf(lines: readonly string[], sign: string): string[] {
  const first = lines.slice(0, MOST_LINES).map((line) => `${sign} ${cut(line)}`);
  return lines.length > MOST_LINES ? [...first, `${sign} ... ${lines.length - MOST_LINES} more lines`] : first;
}

function cut(line = ''): string {
  return line.length > MOST_CHARACTERS ? `${line.slice(0, MOST_CHARACTERS)} ... ${line.length - MOST_CHARACTERS} more characters` : line;
}

/** Changes with a little of what is around them. */
function hunks(lines: readonly string[]): string[] {
  const isNear = lines.map((_, i) => lines.slice(Math.max(0, i - AROUND), i + AROUND + 1).some((line) => !line.startsWith('  ')));
  return lines.flatMap((line, i) => (isNear[i] ? [line] : i === 0 || isNear[i - 1] ? ['  ...'] : []));
}
