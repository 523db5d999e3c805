import { UNSAFE } from './printable.js';

/** JSON in which everything that could do harm on a terminal stands as an escape; to a parser that is the same. */
export function escapedJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replace(UNSAFE, (character) =>
    character === '\n' ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
