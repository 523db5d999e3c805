/** So often it is tried; what is small enough to be looked at need not be the smallest. */
const MOST_TRIES = 400;

/** A smaller file that still does it: whatever can be cut away is, large parts first. */
export async function minimised(file: Buffer, still: (smaller: Buffer) => Promise<boolean>): Promise<Buffer> {
  let smallest = file;
  let tries = 0;
  for (let part = file.length >> 1; part >= 1; part >>= 1) {
    for (let at = 0; at < smallest.length; ) {
      if (tries++ === MOST_TRIES) return smallest;
      const without = Buffer.concat([smallest.subarray(0, at), smallest.subarray(at + part)]);
      if (await still(without)) smallest = without;
      else at += part;
    }
  }
  return smallest;
}
