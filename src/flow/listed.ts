/** Most lists of most flows stay empty: they share this one until they are not. */
export const NOTHING: readonly never[] = [];

/** The list with one more, unless it is full. Only its owner may hold it. */
export function listed<Item>(list: readonly Item[], item: Item, most: number): readonly Item[] {
  if (list.length >= most) return list;
  if (list.length === 0) return [item];
  (list as Item[]).push(item); // its own: nobody else has it
  return list;
}

/** The list with one more, without the shortest when it is full. */
export function longest<Item extends { readonly span: number }>(list: readonly Item[], item: Item, most: number): readonly Item[] {
  const all = [...list, item];
  return all.length <= most ? all : all.sort((a, b) => b.span - a.span).slice(0, most);
}
