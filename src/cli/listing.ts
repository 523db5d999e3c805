import type { Capture } from '../capture/capture.js';
import type { FollowOptions } from '../follow.js';
import { writeLines } from './out.js';
import { openCapture, type ReadingWishes, sayDamage, watched } from './reading.js';

/** Makes lines of what is read of a capture. */
export type Listing = (capture: Capture, options: FollowOptions) => Promise<Iterable<string>>;

/** Reads captures and prints the lines that are made of them. */
export async function list(paths: readonly string[], wishes: ReadingWishes, listing: Listing): Promise<void> {
  const { capture, options } = await openCapture(paths, wishes);
  await writeLines(await watched([capture], () => listing(capture, options)), process.stdout);
  sayDamage([capture]);
}
