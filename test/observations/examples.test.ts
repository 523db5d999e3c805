import { describe, expect, test } from 'vitest';
import { follow } from '../../src/follow.js';
import { observations } from '../../src/observations/index.js';
import { captureOf } from '../bytes.js';
import { capture } from '../transcript.js';

/** What is seen of each frame, by id. */
async function seenIn(file: Buffer): Promise<Map<number, string[]>> {
  const seen = new Map<number, string[]>();
  await follow(captureOf(file), {
    noted: (segment, _, bits) =>
      seen.set(
        segment.frame,
        observations.filter(({ bit }) => bits & bit).map(({ id }) => id),
      ),
    over: () => {},
  });
  return seen;
}

describe('every observation is made exactly where its example says', () => {
  test.each(observations.map((observation) => [observation.id, observation] as const))('%s', async (_, { example, id }) => {
    const { file, lines } = capture(example);
    const seen = await seenIn(file);
    const found = lines.map(({ frame, text }) => `${text}  # ${(seen.get(frame) ?? []).toSorted().join(' ')}`);
    const expected = lines.map(({ marks, text }) => `${text}  # ${marks.toSorted().join(' ')}`);
    expect(found).toEqual(expected);
    expect(lines.some(({ marks }) => marks.includes(id))).toBe(true);
  });
});
