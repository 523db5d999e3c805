import type { ClosedFirst, Closes } from '../../hosts/closes.js';

/** Closes by who closed, and which server it was about. */
export function closesOf({ all }: Closes): ClosedFirst[][] {
  const groups = new Map<string, ClosedFirst[]>();
  for (const one of all) {
    const key = `${one.host} ${one.server}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups.values()];
}
