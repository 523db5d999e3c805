import type { Reference } from '../../explain.js';
import { wrap } from '../terminal/layout.js';
import type { Palette } from '../terminal/palette.js';

/** A heading and its items; nothing where there are none. */
export function* section(title: string, items: readonly string[], width: number, { bold }: Palette): Generator<string> {
  if (items.length === 0) return;
  yield '';
  yield bold(title);
  for (const item of items) yield* wrap(`- ${item}`, width, 2, 4);
}

/** The same with a number before each item, where their order matters. */
export function* steps(title: string, items: readonly string[], width: number, { bold }: Palette): Generator<string> {
  if (items.length === 0) return;
  yield '';
  yield bold(title);
  for (const [i, item] of items.entries()) yield* wrap(`${i + 1}. ${item}`, width, 2, 5);
}

/** Other entries, with what they are. */
export function references(title: string, items: readonly Reference[], width: number, palette: Palette): Iterable<string> {
  return section(
    title,
    items.map((item) => `${item.id}: ${item.title}`),
    width,
    palette,
  );
}
