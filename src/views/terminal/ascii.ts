/** Lines with every character beyond ASCII written with those of ASCII, for terminals and logs that know no others. */
export function* inAscii(lines: Iterable<string>): Generator<string> {
  for (const line of lines) yield line.replace(BEYOND, (character) => PLAIN[character] ?? fold(character));
}

/** An accented letter without its accent; what has no likeness becomes an escape. */
function fold(character: string): string {
  const plain = character.normalize('NFKD').replace(BEYOND, '');
  return plain === '' ? `\\u{${character.codePointAt(0)?.toString(16)}}` : plain;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII begins with them
const BEYOND = /[^\u0000-\u007f]/gu;

const PLAIN: Readonly<Record<string, string>> = {
  µ: 'u',
  '×': 'x',
  '·': '-',
  '–': '-',
  '—': '-',
  '…': '...',
  '→': '->',
  '←': '<-',
  '≤': '<=',
  '≥': '>=',
  '±': '+/-',
  '−': '-',
  '§': 'section ',
  '“': '"',
  '”': '"',
  '‘': "'",
  '’': "'",
};
