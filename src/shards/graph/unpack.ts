import { classes, stays } from '../classes.js';
import { KINDS, type Shape, TAG } from './format.js';
import { damaged, Input } from './input.js';

/**
 * The graph that `pack` made the bytes from; typed arrays stay in them. Throws for what it does not make, and NoRoom before the objects take more
 * than `most` bytes of the heap.
 */
export function unpack(bytes: Buffer, most: number): unknown {
  const from = new Input(bytes);
  const root = new Unpacker(from, most).read();
  return from.left === 0 ? root : damaged();
}

export class NoRoom extends RangeError {}

/** Bytes of the heap, rounded up: of one without anything in it, and of each thing in it. */
const COST = { text: 32, double: 16, view: 256, list: 64, item: 16, table: 256, entry: 64, object: 80, field: 8 };
/** An object with more is a table. */
const MOST_FIELDS = 128;
/** Bytes. */
const LONGEST_TEXT = 1 << 16;

const byName = new Map(classes.map(({ name, prototype }) => [name, prototype]));

interface Mould extends Shape {
  /** A copy of it has room for the fields. */
  readonly blank: object;
  readonly cost: number;
}

class Unpacker {
  private readonly texts: string[] = [];
  private readonly objects: object[] = [];
  private readonly moulds: Mould[] = [];

  constructor(
    private readonly from: Input,
    private room: number,
  ) {}

  read(): unknown {
    const tag = this.from.byte();
    if (tag >= TAG.number) return tag - TAG.number;
    switch (tag) {
      case TAG.undefined:
        return undefined;
      case TAG.null:
        return null;
      case TAG.false:
        return false;
      case TAG.true:
        return true;
      case TAG.integer:
        return this.integer();
      case TAG.double:
        return this.double();
      case TAG.text:
        return this.text();
      case TAG.known:
        return this.objects[this.from.count()] ?? damaged();
      default:
        return this.object(tag);
    }
  }

  private object(tag: number): object {
    switch (tag) {
      case TAG.list:
        return this.list();
      case TAG.map:
        return this.map();
      case TAG.set:
        return this.set();
      case TAG.view:
        return this.view();
      case TAG.object:
        return this.fields();
      default:
        return damaged();
    }
  }

  private integer(): number {
    const count = this.from.count();
    return (count >>> 1) ^ -(count & 1);
  }

  private double(): number {
    this.spend(COST.double);
    return this.from.double();
  }

  private list(): unknown[] {
    const list = this.note([] as unknown[]);
    for (let left = this.countOf(COST.list, COST.item); left > 0; left--) list.push(this.read());
    return list;
  }

  private set(): Set<unknown> {
    const set = this.note(new Set());
    for (let left = this.countOf(COST.table, COST.entry); left > 0; left--) set.add(this.read());
    return set;
  }

  private map(): Map<unknown, unknown> {
    const map = this.note(new Map());
    for (let left = this.countOf(COST.table, COST.entry); left > 0; left--) map.set(this.read(), this.read());
    return map;
  }

  private view(): object {
    this.spend(COST.view);
    const Kind = KINDS[this.from.byte()] ?? damaged();
    const start = this.from.count();
    const count = this.from.count();
    const { buffer, offset } = this.from.place(start, count * Kind.BYTES_PER_ELEMENT);
    return this.note(new Kind(buffer, offset, count));
  }

  private fields(): object {
    const { prototype, fields, blank, cost } = this.mould();
    this.spend(cost);
    const object = this.note({ ...blank } as Record<string, unknown>);
    if (prototype !== undefined) Object.setPrototypeOf(object, prototype);
    for (const field of fields) object[field] = this.read();
    return object;
  }

  private mould(): Mould {
    const index = this.from.count();
    const known = this.moulds[index];
    if (known !== undefined) return known;
    if (index !== this.moulds.length) damaged();
    const name = this.text();
    const prototype = name === '' ? undefined : (byName.get(name) ?? stays(name));
    const fields = Array.from({ length: this.countOf(COST.object, COST.entry) }, () => this.text());
    const blank = JSON.parse(`{${fields.map((field) => `${JSON.stringify(field)}:null`)}}`) as object;
    const cost = COST.object + fields.length * (fields.length > MOST_FIELDS ? COST.entry : COST.field);
    const mould = { prototype, fields, blank, cost };
    this.moulds.push(mould);
    return mould;
  }

  /** Charged wherever it stands: so often it may be told. */
  private text(): string {
    const index = this.from.count();
    if (index === this.texts.length) this.texts.push(this.newText());
    const text = this.texts[index] ?? damaged();
    this.spend(COST.text + text.length * 2);
    return text;
  }

  private newText(): string {
    const length = this.from.count();
    return length > LONGEST_TEXT ? damaged() : this.from.text(length);
  }

  /** How many values follow: none takes less than a byte. */
  private countOf(itself: number, each: number): number {
    const count = this.from.count();
    if (count > this.from.left) damaged();
    this.spend(itself + count * each);
    return count;
  }

  private spend(cost: number): void {
    this.room -= cost;
    if (this.room < 0) throw new NoRoom();
  }

  private note<Noted extends object>(object: Noted): Noted {
    this.objects.push(object);
    return object;
  }
}
