import { distance } from '../../decode/sequence.js';
import { OLD_TIMESTAMP } from '../../flow/seen.js';
import type { Moment } from '../../flow/timeline.js';
import { isResent, REORDERED } from '../../flow/verdict.js';
import { countText } from '../../hosts/wording.js';
import type { Pattern } from '../pattern.js';
import { OLD_TIMESTAMPS } from '../signs.js';

interface Evidence {
  /** Segments with a timestamp older than one that had been sent before. */
  old: number;
  /** How far back, in ticks, at most. */
  ticks: number;
  /** The receiver asked for the same byte again: it did not take the segment. */
  refused: number;
}

/** In ticks, behind what is remembered of the segments before it. */
function howFarBack({ frame, tsval }: Moment, moments: readonly Moment[]): number {
  const before = moments.filter((moment) => moment.hasTimestamps && moment.frame < frame);
  return Math.max(0, ...before.map((moment) => distance(moment.tsval, tsval)));
}

/** Told of the sender. */
export const timestampWentBack: Pattern<'timestamp-went-back', Evidence> = {
  id: 'timestamp-went-back',
  title: 'Timestamps run backwards',
  severity: 'warning',
  needs: OLD_TIMESTAMPS,
  about: `A segment that continues the stream carries an older timestamp than one before it. The receiver takes it for a leftover of an earlier
    connection and drops it (PAWS, RFC 7323 section 5), answering with what it already had.`,
  example: `
    0.000 > P. 1000:1100(100) ack 5000 win 500 <nop,nop,TS val 5000 ecr 900>
    0.010 < .  5000:5000(0)   ack 1100 win 500 <nop,nop,TS val 910 ecr 5000>
    0.100 > P. 1100:1200(100) ack 5000 win 500 <nop,nop,TS val 2000 ecr 910>    # timestamp-went-back
    0.100 < .  5000:5000(0)   ack 1100 win 500 <nop,nop,TS val 1000 ecr 5000>
  `,
  recognise({ moments }, story) {
    const old = moments.filter(({ seen }) => seen & OLD_TIMESTAMP);
    if (old.length === 0) return undefined;
    const peer = moments === story.client.moments ? story.server : story.client;
    const refused = peer.moments.filter(({ time, length, ack }) => length === 0 && old.some((one) => time >= one.time && ack === one.seq)).length;
    const ticks = Math.max(...old.map((one) => howFarBack(one, moments)));
    const isOvertaken = refused === 0 && moments.some(({ verdict }) => verdict === REORDERED || isResent(verdict)); // in the order of sending they do not run backwards
    return { evidence: { old: old.length, ticks, refused }, moments: old, severity: isOvertaken ? 'note' : 'warning' };
  },
  tell: ({ old, ticks, refused }) =>
    `${countText(old, 'segment')} carried a timestamp up to ${ticks} ticks older than one before${refused > 0 ? '; the receiver refused them' : ''}.`,
};
