import type { Capture } from '../capture/capture.js';
import { writeLines } from './out.js';
import { openCaptures, sayDamage, watched } from './reading.js';

/** Reads captures and prints the lines that are made of them. */
export async function list(paths: readonly string[], lines: (capture: Capture) => Promise<Iterable<string>>): Promise<void> {
  const capture = await openCaptures(paths);
  await writeLines(await watched([capture], () => lines(capture)), process.stdout);
  sayDamage([capture]);
}
