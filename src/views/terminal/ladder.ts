import type { Finding, FlowReport, ReportedMoment } from '../../report.js';
import { packetsOf, type Row } from '../packets.js';
import { durationText } from '../wording.js';
import { clip } from './layout.js';
import type { Palette } from './palette.js';

/** So many lines at most. */
const MOST = 14;
/** Narrower than this the column with the time between two segments gives way. */
const ROOM_FOR_GAPS = 76;

interface Look {
  readonly width: number;
  readonly ascii: boolean;
  readonly palette: Palette;
}

/** The segments that prove a finding, between the two ends: time, how much later, frame, who to whom, what, and what it was. */
export function* ladder(finding: Finding, flow: FlowReport, look: Look): Generator<string> {
  const rows = packetsOf(flow.moments, new Set(finding.frames), MOST);
  if (rows.length === 0) return;
  const { ascii, palette } = look;
  yield palette.dim(`${columns(look, 'seconds', 'later', 'frame')}client ${arrow('client', ascii)} server`);
  let before: ReportedMoment | undefined;
  for (const row of rows) {
    yield 'moment' in row ? rung(row.moment, before, look) : palette.dim(columns(look, '', '', ascii ? '...' : '⋯') + foldText(row));
    if ('moment' in row) before = row.moment;
  }
}

function rung(moment: ReportedMoment, before: ReportedMoment | undefined, look: Look): string {
  const { at, frame, side, segment } = moment;
  const { width, ascii, palette } = look;
  const later = before === undefined ? '' : `+${durationText(at - before.at)}`;
  const head = `${columns(look, at.toFixed(6), later, String(frame))}${arrow(side, ascii)} `;
  const remark = remarkOf(moment);
  const room = width - head.length - (remark === '' ? 0 : remark.length + 2);
  const isBad = /^[^ ]*R/.test(segment) || moment.verdict.startsWith('resent');
  const colour = isBad ? palette.red : palette.yellow;
  return `${head}${fitted(segment, room, ascii)}${remark === '' ? '' : `  ${colour(remark)}`}`;
}

function columns({ width }: Look, seconds: string, later: string, frame: string): string {
  const gap = width < ROOM_FOR_GAPS ? '' : later.padStart(10);
  return `  ${seconds.padStart(11)}${gap}${frame.padStart(8)}  `;
}

function arrow(side: string, ascii: boolean): string {
  if (side === 'client') return ascii ? '-->' : '─▶';
  return ascii ? '<--' : '◀─';
}

function foldText(row: Extract<Row, { folded: number }>): string {
  return row.alike ? `${row.folded} more like these` : `${row.folded} more`;
}

/** Our verdict, or where there is none Wireshark's flags: what makes the segment one of these. It is never cut off. */
function remarkOf({ flags, verdict, count }: ReportedMoment): string {
  const words = verdict === '-' ? flags : [verdict];
  const times = count > 1 ? [`${count} times`] : [];
  const all = [...words, ...times];
  return all.length > 0 ? `[${all.join(', ')}]` : '';
}

/** Without its less telling parts, from the end, when there is not enough room. */
function fitted(segment: string, room: number, ascii: boolean): string {
  const shorter = [/ win \d+/, / ack \d+ win \d+/, /\(\d+\).*/].map((part) => segment.replace(part, ''));
  return [segment, ...shorter].find((text) => text.length <= room) ?? clip(segment, Math.max(room, 8), ascii);
}
