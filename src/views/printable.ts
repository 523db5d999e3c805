/**
 * Text from a capture or a file name, made safe for a terminal: control characters (C0, DEL, C1), line separators and marks that turn the
 * direction of writing become visible escapes.
 */
export function printable(text: string): string {
  return text.replace(UNSAFE, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** The same of every text in a piece of data, and of every name that something has in it. */
export function allPrintable<Data>(data: Data): Data {
  if (typeof data === 'string') return printable(data) as Data;
  if (Array.isArray(data)) return data.map(allPrintable) as Data;
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [printable(key), allPrintable(value)])) as Data;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
export const UNSAFE: RegExp = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|\p{Cs}/gu;
