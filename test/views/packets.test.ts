import { expect, test } from 'vitest';
import type { ReportedMoment } from '../../src/report.js';
import { packetsThatMatter, type Row } from '../../src/views/packets.js';

let frames = 0;

function moment(segment: string, verdict = '-', flags: string[] = []): ReportedMoment {
  frames++;
  return { frame: frames, at: frames / 10, side: 'client', segment, flags, verdict, count: 1 };
}

function shown(moments: ReportedMoment[], wanted: number[] = [], most = 40): string[] {
  const text = (row: Row): string => ('moment' in row ? row.moment.segment : `${row.folded} ${row.alike ? 'more like these' : 'not shown'}`);
  return packetsThatMatter(moments, new Set(wanted), most).map(text);
}

test('what opens, closes, aborts or repeats is shown, what only goes on is folded', () => {
  const moments = [
    moment('S 0'),
    moment('. 1'),
    moment('. 2'),
    moment('. 3', 'resent-fast'),
    moment('. 4'),
    moment('. 5'),
    moment('F. 6'),
    moment('R 7'),
  ];
  expect(shown(moments)).toEqual(['S 0', '2 not shown', '. 3', '2 not shown', 'F. 6', 'R 7']);
});

test('a fold of one segment would take as much room as the segment', () => {
  expect(shown([moment('S 0'), moment('. 1'), moment('F. 2')])).toEqual(['S 0', '. 1', 'F. 2']);
});

test('the segments of a finding are shown although they look like any other', () => {
  const moments = [moment('. 0'), moment('. 1'), moment('P. 2', '-', ['zero_window']), moment('. 3'), moment('. 4')];
  expect(shown(moments, [moments[2]?.frame ?? 0])).toEqual(['2 not shown', 'P. 2', '2 not shown']);
});

test('of many alike the first two and the last are shown, with whatever lies between them', () => {
  const probes = Array.from({ length: 9 }, (_, i) => [moment(`. ${i}`, 'window-probe'), moment('. 0')]).flat();
  expect(shown(probes.slice(0, -1))).toEqual(['. 0', '. 0', '. 1', '13 more like these', '. 8']);
});

test('three alike are not many', () => {
  expect(shown([moment('S 0'), moment('S 0', 'resent-syn'), moment('S 0', 'resent-syn'), moment('S 0', 'resent-syn')])).toHaveLength(4);
});

test('too many rows lose their middle', () => {
  const moments = Array.from({ length: 30 }, (_, i) => moment(`S ${i}`, i % 2 === 0 ? 'resent-syn' : '-'));
  expect(shown(moments, [], 6)).toEqual(['S 0', 'S 1', 'S 2', 'S 3', '24 not shown', 'S 28', 'S 29']);
});
