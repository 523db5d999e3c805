import { printable } from '../views/printable.js';

/** What commander has to say of the command line, in one line. It repeats arguments as they are, and one can be the name of a file. */
export function usageComplaint(text: string): string {
  const said = text
    .trimEnd()
    .replace(/^error: /, '')
    .replace(INVALID, ' is invalid: ')
    .replace(HINT, ' $1');
  return `tcpexplain: ${printable(said)}\n`;
}

const INVALID = / is invalid\. (?=[a-z])/;
const HINT = /\n(\(Did you mean [^\n]*\?\))$/;
