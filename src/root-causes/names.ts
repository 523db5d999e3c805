import type { Cause } from './cause.js';
import { causes } from './index.js';

/** The causes that name something a host reports: derived from the catalogue, so that nothing can be named in one place only. */
export type Naming = ReadonlyMap<string, readonly Cause[]>;

/** By counter, as `nstat -az` names it. */
export function byCounter(): Naming {
  return byName(({ counters }) => counters);
}

/** By reason for a dropped packet, SKB_DROP_REASON_ without the prefix. */
export function byDropReason(): Naming {
  return byName(({ dropReasons }) => dropReasons);
}

/** By reason for a reset, SK_RST_REASON_ without the prefix. */
export function byResetReason(): Naming {
  return byName(({ resetReasons }) => resetReasons);
}

function byName(namesOf: (cause: Cause) => readonly string[] | undefined): Naming {
  const found = new Map<string, Cause[]>();
  for (const cause of causes) for (const name of namesOf(cause) ?? []) found.set(name, [...(found.get(name) ?? []), cause]);
  return new Map([...found].sort(([a], [b]) => a.localeCompare(b, 'en')));
}
