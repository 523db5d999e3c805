import { expect, test } from 'vitest';
import { appearance } from '../../src/cli/appearance.js';

const TERMINAL = { isTTY: true, columns: 80 };
const PIPE = {};

test.each([
  ['a terminal', {}, {}, TERMINAL, true],
  ['a pipe', {}, {}, PIPE, false],
  ['a terminal that cannot', {}, { TERM: 'dumb' }, TERMINAL, false],
  ['NO_COLOR', {}, { NO_COLOR: '1' }, TERMINAL, false],
  ['an empty NO_COLOR, which means nothing', {}, { NO_COLOR: '' }, TERMINAL, true],
  ['FORCE_COLOR in a pipe', {}, { FORCE_COLOR: '1' }, PIPE, true],
  ['FORCE_COLOR=0', {}, { FORCE_COLOR: '0' }, PIPE, false],
  ['--color never, whatever the environment says', { color: 'never' }, { FORCE_COLOR: '1' }, TERMINAL, false],
  ['--color always, whatever the environment says', { color: 'always' }, { NO_COLOR: '1', TERM: 'dumb' }, PIPE, true],
  ['--color auto', { color: 'auto' }, {}, PIPE, false],
] as const)('colours: %s', (_, wishes, environment, out, expected) => {
  expect(appearance(wishes, environment, out).color).toBe(expected);
});

test.each([
  ['as wide as the terminal', undefined, TERMINAL, 80],
  ['100 columns in a pipe', undefined, PIPE, 100],
  ['100 columns where the terminal does not know', undefined, { isTTY: true, columns: 0 }, 100],
  ['as wide as asked for', 60, TERMINAL, 60],
  ['never so narrow that nothing fits', 5, TERMINAL, 40],
  ['never so wide that no line can be followed', 1000, TERMINAL, 200],
])('width: %s', (_, width, out, expected) => {
  expect(appearance(width === undefined ? {} : { width }, {}, out).width).toBe(expected);
});
