import { expect, test } from 'vitest';
import { recordings, truthOf } from '../recordings.js';
import { f1, type Judged, judge } from './kernel-states.js';
import { UNKNOWABLE } from './unknowable-states.js';

/** All recordings whose kernel reported the states of its sockets; before 4.16 there is no tracepoint for it. */
const judged = recordings().filter((recording) => truthOf(recording).timeline?.[0]?.new !== undefined);

const results = await Promise.all(judged.map(async (recording) => ({ name: recording.name, ...(await judge(recording)) })));
const all = results.flatMap(({ ends }) => ends);
const own = all.filter(({ isOwn }) => isOwn);

/** Without the transitions that happened before the first or after the last packet of the capture. */
const whileCaptured = (ends: readonly Judged[]): Judged[] => ends.map((end) => ({ ...end, kernel: end.kernel.slice(end.outside) }));

test('inferred states agree with those that the kernel reported, from both ends', () => {
  console.log(
    `states: F1 ${f1(all).toFixed(4)} over all, ${f1(own).toFixed(4)} at the end where the capture was made; ` +
      `of what happened while it was made ${f1(whileCaptured(all)).toFixed(4)} and ${f1(whileCaptured(own)).toFixed(4)}`,
  );
  expect(judged.length).toBeGreaterThan(130);
  expect(f1(all)).toBeGreaterThan(0.985);
  expect(f1(own)).toBeGreaterThan(0.99);
  expect(f1(whileCaptured(own))).toBeGreaterThan(0.995);
});

/** Of other clients, in the captures where they never were; or of two clients that shared a name one after the other. */
const LEFT_OUT: readonly string[] = [
  'handshake/syn-challenged-because-time-wait-has-newer-timestamp',
  'handshake/syn-challenged-because-time-wait-has-newer-timestamp-linux-6.1',
  'handshake/syn-dropped-because-nat-ports-clash',
  'handshake/syn-unanswered-because-challenge-is-filtered',
  'handshake/syn-unanswered-because-challenge-is-filtered-linux-6.1',
];

const differing = results.flatMap(({ name, ends }) =>
  ends.filter(({ wrong }) => wrong.length > 0).map((end) => `${name}: ${end.name}: ${end.wrong.join(' ')}`),
);
const listed = Object.values(UNKNOWABLE).flat();

test('a difference is one that nobody can know, and is listed with its reason', () => {
  expect(without(differing, listed)).toEqual([]);
});

test('no end is left out but for behind an address translator', () => {
  expect(results.filter(({ nameless }) => nameless > 0).map(({ name }) => name)).toEqual(LEFT_OUT);
});

test('what is listed as unknowable is not known', () => {
  expect(without(listed, differing)).toEqual([]);
});

/** What is left of a list when each of the others is taken away once. */
function without(list: readonly string[], others: readonly string[]): string[] {
  const rest = [...list];
  for (const other of others) {
    const at = rest.indexOf(other);
    if (at >= 0) rest.splice(at, 1);
  }
  return rest;
}
