import type { Basis, State } from '../flow/state.js';
import type { Side } from '../flow/timeline.js';
import type { Change, End, Expected, History } from './history.js';

export const NOWHERE = -1;

/**
 * Histories in whatever order they come: rows of four words or two doubles, since there can be millions. Three rows tell who it was, one is a
 * change of state, two are one that is expected.
 */
export class Histories {
  size = 0;
  private readonly pieces: Piece[] = [];

  add(history: History): void {
    this.pieceFor(HEAD + history.changes.length + history.expected.length * 2).add(history);
    this.size++;
  }

  /** By the numbers of the conversations. */
  *[Symbol.iterator](): Generator<History, void, void> {
    for (const place of this.places()) if (place !== NOWHERE) yield this.at(place);
  }

  *inOrderOfAddition(): Generator<History, void, void> {
    for (const piece of this.pieces) for (const row of piece.heads()) yield piece.at(row);
  }

  /** Where the history of each conversation lies, by its number: the row, over all pieces. NOWHERE without one. */
  places(): Int32Array {
    let last = -1;
    for (const piece of this.pieces) for (const row of piece.heads()) last = Math.max(last, piece.streamAt(row));
    const places = new Int32Array(last + 1).fill(NOWHERE);
    for (const [i, piece] of this.pieces.entries()) for (const row of piece.heads()) places[piece.streamAt(row)] = i * PIECE + row;
    return places;
  }

  at(place: number): History {
    return (this.pieces[Math.floor(place / PIECE)] as Piece).at(place % PIECE);
  }

  private pieceFor(rows: number): Piece {
    const last = this.pieces.at(-1);
    if (last !== undefined && last.used + rows <= PIECE) return last;
    const piece = new Piece();
    this.pieces.push(piece);
    return piece;
  }
}

/** Memory that never moves. */
class Piece {
  used = 0;
  private readonly words = new Int32Array(PIECE * 4);
  private readonly doubles = new Float64Array(this.words.buffer);

  add({ stream, ends: [first, second], client, changes, expected }: History): void {
    const ports = (first.port << 16) | second.port;
    this.row(first.family | (client << CLIENT) | (expected.length << EXPECTED), changes.length, ports, stream);
    for (const { address0, address1, address2, address3 } of [first, second]) this.row(address0, address1, address2, address3);
    for (const change of changes) this.change(change, 0);
    for (const { change, provenAt, isLater } of expected) {
      this.change(change, isLater ? LATER : 0);
      this.doubles[this.used++ * 2] = provenAt;
    }
  }

  /** The first row of each. */
  *heads(): Generator<number, void, void> {
    for (let row = 0; row < this.used; row += this.rowsAt(row)) yield row;
  }

  streamAt(row: number): number {
    return this.words[row * 4 + 3] as number;
  }

  at(row: number): History {
    const { words } = this;
    const form = words[row * 4] as number;
    const ports = words[row * 4 + 2] as number;
    const first = row + HEAD;
    const behind = first + (words[row * 4 + 1] as number);
    const changes: Change[] = [];
    for (let at = first; at < behind; at++) changes.push(this.changeAt(at));
    const expected: Expected[] = [];
    for (let i = 0; i < form >> EXPECTED; i++) expected.push(this.expectedAt(behind + i * 2));
    return {
      stream: this.streamAt(row),
      ends: [this.end(row + 1, form & 0xf, ports >>> 16), this.end(row + 2, form & 0xf, ports & 0xffff)],
      client: ((form >> CLIENT) & 1) as Side,
      changes,
      expected,
    };
  }

  private rowsAt(row: number): number {
    return HEAD + (this.words[row * 4 + 1] as number) + ((this.words[row * 4] as number) >> EXPECTED) * 2;
  }

  private row(first: number, second: number, third: number, fourth: number): void {
    const at = this.used++ * 4;
    this.words[at] = first;
    this.words[at + 1] = second;
    this.words[at + 2] = third;
    this.words[at + 3] = fourth;
  }

  private change({ side, from, to, basis, frame, at }: Change, bits: number): void {
    this.words[this.used * 4] = side | (from << FROM) | (to << TO) | (BASES.indexOf(basis) << BASIS) | bits;
    this.words[this.used * 4 + 1] = frame;
    this.doubles[this.used++ * 2 + 1] = at;
  }

  private changeAt(row: number): Change {
    const form = this.words[row * 4] as number;
    return {
      side: (form & 1) as Side,
      at: this.doubles[row * 2 + 1] as number,
      frame: this.words[row * 4 + 1] as number,
      from: ((form >> FROM) & 0xf) as State,
      to: ((form >> TO) & 0xf) as State,
      basis: BASES[(form >> BASIS) & 3] as Basis,
    };
  }

  private expectedAt(row: number): Expected {
    const isLater = ((this.words[row * 4] as number) & LATER) !== 0;
    return { change: this.changeAt(row), provenAt: this.doubles[(row + 1) * 2] as number, isLater };
  }

  private end(row: number, family: number, port: number): End {
    const { words } = this;
    const [word0, word1, word2, word3] = [words[row * 4], words[row * 4 + 1], words[row * 4 + 2], words[row * 4 + 3]] as [
      number,
      number,
      number,
      number,
    ];
    return { family, port, address0: word0, address1: word1, address2: word2, address3: word3 };
  }
}

/** Rows of a piece: more than any conversation needs. */
const PIECE = 1 << 15;
/** Rows before the changes. */
const HEAD = 3;

// Bits of the first word of a conversation; below them is the family.
const CLIENT = 4;
const EXPECTED = 5;

const BASES: readonly Basis[] = ['seen', 'inferred', 'timer'];
// Bits of the first word of a change; the lowest is the side.
const FROM = 1;
const TO = 5;
const BASIS = 9;
const LATER = 1 << 11;
