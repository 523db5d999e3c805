/** Between a number and its unit: "1.76 s". */
const BEFORE_UNIT = /(?<=\d) (?=(?:[nµm]?s|min|h|[kMG]?B|%)(?![\w/]))/g;

/**
 * Breaks a text into lines of at most `width` characters at its spaces, but never between a number and its unit; the second and later lines
 * are indented by `hanging`.
 */
export function wrap(text: string, width: number, indent = 0, hanging: number = indent): string[] {
  const lines: string[] = [];
  let line = ' '.repeat(indent);
  let isEmpty = true;
  for (const word of wordsOf(text)) {
    const room = isEmpty ? 0 : 1;
    if (!isEmpty && line.length + room + word.length > Math.max(width, hanging + 20)) {
      lines.push(line);
      line = ' '.repeat(hanging) + word;
    } else line += (isEmpty ? '' : ' ') + word;
    isEmpty = false;
  }
  lines.push(line);
  return lines;
}

function wordsOf(text: string): string[] {
  const words = text.replace(BEFORE_UNIT, UNBROKEN).split(/[^\S\u00a0]+/);
  return words.filter((part) => part !== '').map((word) => word.replaceAll(UNBROKEN, ' '));
}

const UNBROKEN = '\u00a0';

/** A command or a filter, to be copied in one piece. */
export function unbroken(text: string): string {
  return text.replaceAll(' ', UNBROKEN);
}

/** A label in a column of its own, and a text beside it, which a mark may begin. */
export function labelled(label: string, text: string, width: number, indent: number, column: number, mark = ''): string[] {
  const [first = '', ...rest] = wrap(mark + text, width - column, 0, mark.length);
  const head = ' '.repeat(indent) + label;
  return [head.padEnd(column) + first, ...rest.map((line) => ' '.repeat(column) + line)];
}

/** Cut to `width` characters, with a mark where something is missing. */
export function clip(text: string, width: number, ascii: boolean): string {
  if (text.length <= width) return text;
  const mark = ascii ? '..' : '…';
  return text.slice(0, Math.max(0, width - mark.length)) + mark;
}
