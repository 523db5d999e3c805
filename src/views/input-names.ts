import type { InputFile } from '../report.js';

/** More files than these are only counted. */
const MOST_NAMED = 8;

/** What was read, as a heading: "a.pcap, b.pcap and 3 more". */
export function inputNames(input: readonly InputFile[]): string {
  const names = input.slice(0, MOST_NAMED).map(({ name }) => name);
  const more = input.length - names.length;
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
