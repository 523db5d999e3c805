import { classes, type Travelling } from './classes.js';

/** A graph of objects that a structured clone can carry, to another thread or into a file; and which of them are of which class. */
export interface Portable {
  readonly root: unknown;
  readonly classes: readonly (readonly [name: string, objects: readonly object[]])[];
}

/**
 * Everything that can be reached from `root`. It is used up: what does not travel is taken out of it. Throws for functions, and for objects of a
 * class that is not known to travel.
 */
export function toPortable(root: unknown): Portable {
  const found = new Map<Travelling, Set<object>>();
  visit(root, found);
  return { root, classes: [...found].map(([{ name }, objects]) => [name, [...objects]] as const) };
}

/** The objects of a clone get their classes back. */
export function fromPortable({ root, classes: objects }: Portable): unknown {
  for (const [name, all] of objects) {
    const { prototype } = byName.get(name) ?? stays(name);
    for (const object of all) Object.setPrototypeOf(object, prototype);
  }
  return root;
}

const byName = new Map(classes.map((each) => [each.name, each]));
const byPrototype = new Map(classes.map((each) => [each.prototype, each]));

/** Plain objects and lists hold no circle without an object of a class in it, so that only those need to be known again. */
function visit(value: unknown, found: Map<Travelling, Set<object>>): void {
  if (typeof value === 'function') stays('a function');
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
  if (Array.isArray(value) || value instanceof Set) {
    for (const item of value) if (typeof item !== 'number') visit(item, found);
  } else if (value instanceof Map) {
    for (const [key, item] of value) {
      visit(key, found);
      visit(item, found);
    }
  } else if (Object.getPrototypeOf(value) === Object.prototype || note(value, found)) visitFields(value, found);
}

function visitFields(value: object, found: Map<Travelling, Set<object>>): void {
  for (const field in value) {
    const inner = value[field as keyof typeof value] as unknown;
    if (typeof inner === 'object' || typeof inner === 'function') visit(inner, found);
  }
}

/** An object of a class. False when it is known already. */
function note(value: object, found: Map<Travelling, Set<object>>): boolean {
  const known = byPrototype.get(Object.getPrototypeOf(value)) ?? stays(value.constructor?.name);
  const alike = found.get(known) ?? new Set();
  if (alike.has(value)) return false;
  alike.add(value);
  found.set(known, alike);
  for (const field of known.leavesBehind(value)) Object.assign(value, { [field]: undefined });
  return true;
}

function stays(what: string): never {
  throw new TypeError(`${what} is not known to travel`);
}
