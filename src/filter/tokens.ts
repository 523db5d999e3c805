import { FilterError } from './error.js';
import { complaint } from './words.js';

export interface Token {
  readonly text: string;
  /** Characters from the start of the filter. */
  readonly at: number;
}

/** Brackets, operators, and everything between them and spaces. */
const TOKEN = /\s*(?:(&&|\|\||!=|==|<=|>=|[()!&|<>=[\]+])|([^\s()!&|<>=[\]+]+))/y;

/** The words of a filter, read one after the other. */
export class Tokens {
  private readonly all: Token[] = [];
  private next = 0;

  constructor(readonly filter: string) {
    TOKEN.lastIndex = 0;
    for (let found = TOKEN.exec(filter); found !== null; found = TOKEN.exec(filter)) {
      const text = found[1] ?? found[2] ?? '';
      this.all.push({ text, at: TOKEN.lastIndex - text.length });
    }
  }

  get isAtEnd(): boolean {
    return this.next >= this.all.length;
  }

  /** The word that is next, in lower case; empty at the end. */
  get word(): string {
    return this.token.text.toLowerCase();
  }

  get token(): Token {
    return this.all[this.next] ?? { text: '', at: this.filter.trimEnd().length };
  }

  /** Whether the word after the next is this one. */
  isFollowedBy(word: string): boolean {
    return this.all[this.next + 1]?.text.toLowerCase() === word;
  }

  take(): Token {
    const { token } = this;
    this.next++;
    return token;
  }

  /** Takes the next word if it is one of these. */
  takeIf(...words: readonly string[]): string | undefined {
    const { word } = this;
    if (!words.includes(word)) return undefined;
    this.next++;
    return word;
  }

  expect(word: string): void {
    if (this.takeIf(word) === undefined) this.fail(this.token.text === '' ? `"${word}" is missing at the end` : `"${word}" is missing before this`);
  }

  fail(message: string = complaint(this.token.text), { text, at }: Token = this.token): never {
    throw new FilterError(message, this.filter, at, Math.max(text.length, 1));
  }
}
