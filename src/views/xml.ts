import { printable } from './printable.js';

/** An element of XML. Names are ours, everything else is escaped. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly content: readonly (Element | string)[];
}

export function element(name: string, attributes: Element['attributes'] = {}, ...content: Element['content']): Element {
  return { name, attributes, content };
}

/** A document, its elements indented. */
export function* xmlDocument(root: Element): Generator<string> {
  yield '<?xml version="1.0" encoding="UTF-8"?>';
  yield* lines(root, '');
}

function* lines({ name, attributes, content }: Element, indent: string): Generator<string> {
  const head = [name, ...Object.entries(attributes).map(([key, value]) => `${key}="${escaped(String(value))}"`)].join(' ');
  const texts = content.filter((part) => typeof part === 'string');
  if (content.length === 0) yield `${indent}<${head}/>`;
  else if (texts.length === content.length) yield `${indent}<${head}>${texts.map(paragraph).join('\n')}</${name}>`;
  else {
    yield `${indent}<${head}>`;
    for (const part of content) if (typeof part !== 'string') yield* lines(part, `${indent}  `);
    yield `${indent}</${name}>`;
  }
}

/** A text of several lines. */
function paragraph(text: string): string {
  return text.split('\n').map(escaped).join('\n');
}

function escaped(text: string): string {
  return printable(text)
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/[\ufffe\uffff]/g, '\ufffd'); // XML 1.0 has no way to write these
}
