import { expect, test } from 'vitest';
import type { FlowReport } from '../../src/report.js';
import { outcomesText } from '../../src/views/outcomes.js';
import { vantageText } from '../../src/views/vantage.js';
import { durationText } from '../../src/views/wording.js';
import { pageOf, reportOf, SHOWN } from './reports.js';

test.each([
  [0, '0 s'],
  [38e-6, '38 µs'],
  [0.0421, '42.1 ms'],
  [3.062, '3.06 s'],
  [125, '2 min 5 s'],
  [7199.6, '2 h 0 min'],
  [47 * 3600 + 59 * 60, '47 h 59 min'],
  [49 * 3600 + 59 * 60, '2 d 1 h'],
  [142449834.965, '1648 d 17 h'],
])('%d seconds are %s', (seconds, text) => {
  expect(durationText(seconds)).toBe(text);
});

test('outcomes are set apart by what none of them has in it', () => {
  expect(outcomesText({ closed: 2, reset: 1 })).toBe('2 closed, 1 reset');
  expect(outcomesText({ closed: 2, 'begun before the capture, reset': 1 })).toBe('2 closed; 1 begun before the capture, reset');
});

test.each([
  ['client', 'at the client: so'],
  ['middle', 'in the middle: so'],
  ['unknown', 'at a place that is not known: so'],
])('captured %s', (place, text) => {
  expect(vantageText({ vantage: { place, reason: 'so' } } as FlowReport)).toBe(text);
});

test('the times of a long capture stay within the column of the diagram', async () => {
  const report = await reportOf(SHOWN.at(-1) as string);
  for (const later of [0, 9_999, 99_999, 1e6, 142_449_787]) {
    const flows = report.flows.map((flow) => ({ ...flow, moments: flow.moments.map((moment) => ({ ...moment, at: moment.at + later })) }));
    const times = [...pageOf({ ...report, flows }).matchAll(/<text class="time"[^>]*>([^<]+)</g)].map(([, time = '']) => time);
    expect(times.length).toBeGreaterThan(10);
    expect(times.filter((time) => time.length > 11 || !/^\d+\.\d+$/.test(time))).toEqual([]);
  }
});
