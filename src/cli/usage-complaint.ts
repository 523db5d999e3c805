import { printable } from '../views/printable.js';

/** What commander has to say of the command line, in one line. It repeats arguments as they are, and one can be the name of a file. */
export function usageComplaint(text: string): string {
  return `${printable(text.trimEnd().replace(HINT, ' $1'))}\n`;
}

const HINT = /\n(\(Did you mean [^\n]*\?\))$/;
