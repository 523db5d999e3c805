import { MARKER } from './script.js';

/** The output of the facts script, taken apart. */
export interface Bundle {
  /** By name: what stands below each marker. */
  readonly sections: ReadonlyMap<string, string>;
  /** Its last line is missing. */
  readonly isCut: boolean;
}

/** Undefined when the text is something else. Lines before the first marker are the greeting of some shell. */
export function parseBundle(text: string): Bundle | undefined {
  const parts = text.replaceAll('\r\n', '\n').split(MARKER).slice(1);
  if (parts.length === 0) return undefined;
  const sections = new Map(
    parts.map((part): [string, string] => {
      const end = part.indexOf('\n');
      return end < 0 ? [part.trim(), ''] : [part.slice(0, end).trim(), withoutBlankEnd(part.slice(end + 1))];
    }),
  );
  return { sections, isCut: !sections.has('end') };
}

/** The blank line before the next marker belongs to the marker. */
function withoutBlankEnd(text: string): string {
  return text.endsWith('\n\n') ? text.slice(0, -1) : text;
}
