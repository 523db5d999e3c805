import type { Capture } from '../capture/capture.js';
import type { FollowOptions } from '../follow.js';
import { namesOf } from '../vantages/names.js';
import type { Together } from '../vantages/timelines.js';
import { printable } from '../views/printable.js';
import { tabSeparated } from '../views/tab-separated.js';
import { writeLines } from './out.js';
import { openCaptures, type ReadingWishes, sayDamage, watched } from './reading.js';

export interface ListingWishes extends ReadingWishes {
  several: Together;
}

/** What is made of a capture, under its name where there are several of the same conversations. */
export interface Listed<Made> {
  readonly capture?: string;
  readonly made: Made;
}

/** Reads captures, each by itself, and prints the lines that are made of what each tells. */
export async function list<Made>(
  paths: readonly string[],
  wishes: ListingWishes,
  make: (capture: Capture, options: FollowOptions) => Promise<Made>,
  lines: (listed: readonly Listed<Made>[]) => Iterable<string>,
): Promise<void> {
  const { captures, options } = await openCaptures(paths, wishes.several, wishes);
  const made = await watched(captures, async () => {
    const all: Made[] = [];
    for (const capture of captures) all.push(await make(capture, options));
    return all;
  });
  const names = namesOf(captures);
  const listed = made.map((one, i) => ({ ...(captures.length > 1 && { capture: printable(names[i] as string) }), made: one }));
  await writeLines(lines(listed), process.stdout);
  sayDamage(captures);
}

/** The same for rows under one header: of several captures each row begins with the name of its own. */
export function listRows<Row extends object>(
  paths: readonly string[],
  wishes: ListingWishes,
  columns: readonly (keyof Row & string)[],
  make: (capture: Capture, options: FollowOptions) => Promise<Iterable<Row>>,
): Promise<void> {
  return list(paths, wishes, make, (listed) =>
    listed.length > 1
      ? tabSeparated<Row & { capture: string }>(['capture', ...columns], named(listed))
      : tabSeparated(columns, listed[0]?.made ?? []),
  );
}

/** Rows of several captures, each with the name of its own. */
export function* named<Row extends object>(listed: readonly Listed<Iterable<Row>>[]): Generator<Row & { capture: string }> {
  for (const { capture = '', made } of listed) for (const row of made) yield { capture, ...row };
}
