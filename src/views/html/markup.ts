import { printable } from '../printable.js';

/** Markup that is known to be safe. Only `html` makes it, and `verbatim` for what this program itself has written. */
export class Html {
  constructor(readonly text: string) {}
}

export type Hole = Html | string | number | null | undefined | false | readonly Hole[];

/** Markup with holes. Whatever fills a hole is escaped, for text and for quoted attributes alike, unless it is markup already. */
export function html(strings: TemplateStringsArray, ...holes: Hole[]): Html {
  let text = strings[0] ?? '';
  for (const [i, hole] of holes.entries()) text += filled(hole) + (strings[i + 1] ?? '');
  return new Html(text);
}

/** Style and script of the page, and data written by `JSON.stringify` with every `<` escaped. Never anything from a capture. */
export function verbatim(text: string): Html {
  return new Html(text);
}

/** Data for the page's script: no end tag or comment can begin in it, and nothing in it is beyond ASCII. */
export function data(value: unknown): Html {
  return new Html(JSON.stringify(value).replace(/[<>&]|[^ -~]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`));
}

function filled(hole: Hole): string {
  if (hole === null || hole === undefined || hole === false) return '';
  if (hole instanceof Html) return hole.text;
  if (typeof hole === 'object') return hole.map(filled).join('');
  return printable(String(hole)).replace(/[&<>"'`=]/g, (character) => `&#${character.charCodeAt(0)};`);
}
