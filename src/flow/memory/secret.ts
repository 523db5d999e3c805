/**
 * A number that nobody knows who makes a capture, another one in each process: who knew it could invent any number of names that fall into one bucket of
 * a hash table, and looking for each would touch all before it. Nothing that is told depends on it.
 */
export const SECRET: number = (crypto.getRandomValues(new Int32Array(1)) as Int32Array)[0] as number;

/** A hash that a word was added to. */
export function mixed(hash: number, word: number): number {
  const sum = Math.imul(hash ^ word, 0x9e3779b1);
  return sum ^ (sum >>> 15);
}
