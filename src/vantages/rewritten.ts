import { SYN } from '../decode/flags.js';
import { distance } from '../decode/sequence.js';
import type { Outcome } from './differences.js';
import { ARRIVED } from './fates.js';
import { hasTimestamps, mssOf, permitsSack, windowScaleOf } from './trace.js';

/** What a segment had at the first point and what it had at the second. */
export interface Change {
  readonly what:
    | 'MSS'
    | 'window scale'
    | 'SACK permitted'
    | 'timestamps'
    | 'window'
    | 'ECN'
    | 'IP ID'
    | 'checksum'
    | 'sequence numbers'
    | 'acknowledgment numbers'
    | 'source'
    | 'destination';
  readonly before: string;
  readonly after: string;
  readonly count: number;
  /** Of the first one: its record at the first point and at the second. */
  readonly up: number;
  readonly down: number;
}

/** Fields that something on the way has changed, alike changes counted together. */
export function changesOf({ way, fates }: Outcome): Change[] {
  const { up, down, ups, downs } = way.passage;
  const changes = new Map<string, Change>();
  const note = (what: Change['what'], before: string | number, after: string | number, first: { up: number; down: number }): void => {
    if (before === after) return;
    const key = PLAIN.has(what) ? what : `${what} ${before} ${after}`;
    const known = changes.get(key);
    changes.set(
      key,
      known === undefined ? { what, before: `${before}`, after: `${after}`, count: 1, ...first } : { ...known, count: known.count + 1 },
    );
  };
  for (let i = 0; i < ups.length; i++) {
    const j = way.matching.arrivals[i] as number;
    if (fates.sent[i] !== ARRIVED || j < 0) continue;
    const at = { up: ups[i] as number, down: downs[j] as number };
    if (up.length[at.up] !== down.length[at.down]) continue; // cut or joined by offload
    if ((up.flags[at.up] as number) & SYN)
      compareSyns(up.options[at.up] as number, down.options[at.down] as number, (...change) => note(...change, at));
    const [before, after] = [up.marks[at.up] as number, down.marks[at.down] as number];
    note('ECN', ECN[before & 3] as string, ECN[after & 3] as string, at);
    if ((before & 4) !== 0 && (after & 8) !== 0) note('checksum', 'right', 'wrong', at);
    note('window', up.window[at.up] as number, down.window[at.down] as number, at);
    note('IP ID', up.ipId[at.up] as number, down.ipId[at.down] as number, at);
    const shift = distance(down.seq[at.down] as number, up.seq[at.up] as number);
    if (shift !== 0) note('sequence numbers', 'as sent', signed(shift), at);
    const reacked = shift === 0 && up.flags[at.up] === down.flags[at.down] ? distance(down.ack[at.down] as number, up.ack[at.up] as number) : 0;
    if (reacked !== 0) note('acknowledgment numbers', 'as sent', signed(reacked), at);
  }
  return [...changes.values()];
}

/** Of these only the first pair of values is of interest: every segment has its own. */
const PLAIN: ReadonlySet<string> = new Set(['window', 'IP ID']);
const ECN = ['not capable', 'capable (1)', 'capable', 'congestion experienced'];

function signed(shift: number): string {
  return `${shift > 0 ? '+' : ''}${shift}`;
}

function compareSyns(before: number, after: number, note: (what: Change['what'], before: string | number, after: string | number) => void): void {
  const number = (value: number): string | number => (value < 0 ? 'none' : value);
  note('MSS', number(mssOf(before)), number(mssOf(after)));
  note('window scale', number(windowScaleOf(before)), number(windowScaleOf(after)));
  note('SACK permitted', permitsSack(before) ? 'yes' : 'no', permitsSack(after) ? 'yes' : 'no');
  note('timestamps', hasTimestamps(before) ? 'yes' : 'no', hasTimestamps(after) ? 'yes' : 'no');
}

/** Routers between the two points, as the TTL tells; undefined when nothing arrived. */
export function hopsOf({ way, arrived }: Outcome): number | undefined {
  const { up, down, ups, downs } = way.passage;
  const [i] = arrived;
  if (i === undefined) return undefined;
  return (up.ttl[ups[i] as number] as number) - (down.ttl[downs[way.matching.arrivals[i] as number] as number] as number);
}
