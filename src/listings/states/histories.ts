import type { Basis, State } from '../../flow/state.js';
import type { Side } from '../../flow/timeline.js';
import type { Change, End, Expected, History } from './history.js';

/**
 * Histories by the number of their conversation, in whatever order they come: rows of four words or two doubles, since there can be millions.
 * Three rows tell who it was, one is a change of state, two are one that is expected.
 */
export class Histories {
  private readonly pieces: Piece[] = [];
  /** Where each conversation lies, by its number: the row, over all pieces, and one. */
  private places = new Int32Array(1024);

  add(history: History): void {
    const { stream, changes, expected } = history;
    const piece = this.pieceFor(HEAD + changes.length + expected.length * 2);
    while (stream >= this.places.length) this.grow();
    this.places[stream] = (this.pieces.length - 1) * PIECE + piece.used + 1;
    piece.add(history);
  }

  /** By the numbers of the conversations. */
  *[Symbol.iterator](): Generator<History, void, void> {
    for (const [stream, place] of this.places.entries()) {
      if (place > 0) yield (this.pieces[Math.floor((place - 1) / PIECE)] as Piece).at((place - 1) % PIECE, stream);
    }
  }

  private pieceFor(rows: number): Piece {
    const last = this.pieces.at(-1);
    if (last !== undefined && last.used + rows <= PIECE) return last;
    const piece = new Piece();
    this.pieces.push(piece);
    return piece;
  }

  private grow(): void {
    const larger = new Int32Array(this.places.length * 2);
    larger.set(this.places);
    this.places = larger;
  }
}

/** Memory that never moves. */
class Piece {
  used = 0;
  private readonly words = new Int32Array(PIECE * 4);
  private readonly doubles = new Float64Array(this.words.buffer);

  add({ ends: [first, second], client, changes, expected }: History): void {
    const ports = (first.port << 16) | second.port;
    this.row(first.family | (client << CLIENT) | (expected.length << EXPECTED), changes.length, ports, 0);
    for (const { address0, address1, address2, address3 } of [first, second]) this.row(address0, address1, address2, address3);
    for (const change of changes) this.change(change, 0);
    for (const { change, provenAt, isLater } of expected) {
      this.change(change, isLater ? LATER : 0);
      this.doubles[this.used++ * 2] = provenAt;
    }
  }

  at(row: number, stream: number): History {
    const { words } = this;
    const [form = 0, length = 0, ports = 0] = words.subarray(row * 4);
    const ends = [this.end(row + 1, form & 0xf, ports >>> 16), this.end(row + 2, form & 0xf, ports & 0xffff)] as const;
    const changes = Array.from({ length }, (_, i) => this.changeAt(row + HEAD + i));
    const expected = Array.from({ length: form >> EXPECTED }, (_, i) => this.expectedAt(row + HEAD + length + i * 2));
    return { stream, ends, client: ((form >> CLIENT) & 1) as Side, changes, expected };
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
    const [address0 = 0, address1 = 0, address2 = 0, address3 = 0] = this.words.subarray(row * 4, row * 4 + 4);
    return { family, port, address0, address1, address2, address3 };
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
