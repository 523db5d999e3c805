import { classes, stays } from '../classes.js';
import { KINDS, type Shape, TAG } from './format.js';
import { Output } from './output.js';

/**
 * A graph of objects as bytes that another thread, or another process, makes the same graph from. Throws for functions, and for objects of a class
 * that is not known to travel.
 */
export function pack(root: unknown): Buffer {
  const packer = new Packer();
  packer.write(root);
  return packer.out.written;
}

const byPrototype = new Map(classes.map((each) => [each.prototype, each]));
const NOTHING: readonly string[] = [];

class Packer {
  readonly out: Output = new Output();
  private readonly texts = new Map<string, number>();
  private readonly objects = new Map<object, number>();
  private readonly shapes: Shape[] = [];
  /** By prototype: which of the shapes. */
  private readonly alike = new Map<object, number[]>();
  private lastView: ArrayBufferView | undefined;
  private lastStart = 0;

  write(value: unknown): void {
    if (typeof value === 'number') this.number(value);
    else if (typeof value === 'string') {
      this.out.byte(TAG.text);
      this.text(value);
    } else if (typeof value === 'boolean') this.out.byte(value ? TAG.true : TAG.false);
    else if (value === undefined) this.out.byte(TAG.undefined);
    else if (value === null) this.out.byte(TAG.null);
    else if (typeof value === 'object') this.object(value);
    else stays(`a ${typeof value}`);
  }

  private number(value: number): void {
    if ((value | 0) !== value || Object.is(value, -0)) {
      this.out.byte(TAG.double);
      this.out.double(value);
    } else if (value >= 0 && value < 256 - TAG.number) this.out.byte(TAG.number + value);
    else {
      this.out.byte(TAG.integer);
      this.out.count(((value << 1) ^ (value >> 31)) >>> 0);
    }
  }

  private object(value: object): void {
    const known = this.objects.get(value);
    if (known === undefined) {
      this.objects.set(value, this.objects.size);
      this.newObject(value);
    } else {
      this.out.byte(TAG.known);
      this.out.count(known);
    }
  }

  private newObject(value: object): void {
    if (Array.isArray(value)) this.items(TAG.list, value.length, value);
    else if (value instanceof Set) this.items(TAG.set, value.size, value);
    else if (value instanceof Map) this.entries(value);
    else if (ArrayBuffer.isView(value)) this.view(value);
    else this.fields(value);
  }

  private items(tag: number, count: number, items: Iterable<unknown>): void {
    this.out.byte(tag);
    this.out.count(count);
    for (const item of items) this.write(item);
  }

  private entries(map: ReadonlyMap<unknown, unknown>): void {
    this.out.byte(TAG.map);
    this.out.count(map.size);
    for (const [key, value] of map) {
      this.write(key);
      this.write(value);
    }
  }

  private view(view: ArrayBufferView): void {
    const { buffer, byteOffset, byteLength } = view;
    const kind = KINDS.indexOf(view.constructor as (typeof KINDS)[number]);
    if (kind < 0) stays(view.constructor.name);
    const isLast = this.lastView?.buffer === buffer && this.lastView.byteOffset === byteOffset && this.lastView.byteLength === byteLength;
    this.lastView = view;
    this.out.byte(TAG.view);
    this.out.byte(kind);
    if (!isLast) this.lastStart = this.out.nextStart;
    this.out.count(this.lastStart);
    this.out.count((view as Uint8Array).length);
    if (!isLast) this.out.appendAt(this.lastStart, new Uint8Array(buffer, byteOffset, byteLength));
  }

  private fields(object: object): void {
    const prototype = Object.getPrototypeOf(object) as object;
    const left = prototype === Object.prototype ? NOTHING : (byPrototype.get(prototype) ?? stays(object.constructor?.name)).leavesBehind(object);
    const fields = Object.keys(object);
    this.out.byte(TAG.object);
    this.shape(prototype, fields);
    for (const field of fields) this.write(left.includes(field) ? undefined : object[field as keyof typeof object]);
  }

  private shape(prototype: object, fields: readonly string[]): void {
    const alike = this.alike.get(prototype) ?? [];
    const known = alike.find((one) => haveSame((this.shapes[one] as Shape).fields, fields));
    this.out.count(known ?? this.shapes.length);
    if (known !== undefined) return;
    this.alike.set(prototype, [...alike, this.shapes.length]);
    this.shapes.push({ prototype, fields });
    this.text(byPrototype.get(prototype)?.name ?? '');
    this.out.count(fields.length);
    for (const field of fields) this.text(field);
  }

  private text(text: string): void {
    const known = this.texts.get(text);
    this.out.count(known ?? this.texts.size);
    if (known !== undefined) return;
    this.texts.set(text, this.texts.size);
    const bytes = Buffer.from(text, 'utf16le');
    this.out.count(bytes.length);
    this.out.append(bytes);
  }
}

function haveSame(these: readonly string[], those: readonly string[]): boolean {
  return these.length === those.length && these.every((field, i) => field === those[i]);
}
