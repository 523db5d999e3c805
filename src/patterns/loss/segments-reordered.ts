import { REORDERED } from '../../flow/verdict.js';
import { countText } from '../../hosts/wording.js';
import type { Pattern } from '../pattern.js';
import { judged } from '../signs.js';

interface Evidence {
  reordered: number;
  dataSegments: number;
  /** Segments that the sender sent again because of it. */
  needless: number;
}

export const segmentsReordered: Pattern<'segments-reordered', Evidence> = {
  id: 'segments-reordered',
  title: 'Segments overtake one another',
  severity: 'note',
  needs: judged(REORDERED),
  about: `Segments arrive in another order than they were sent: packets of one connection take different ways, or different queues of a network card.
    The receiver's duplicate ACKs can make the sender believe in losses.`,
  example: `
    0.0000 > . 1000:1100(100) ack 5000 win 500 <nop,nop,TS val 100 ecr 900> id 1
    0.0001 > . 1200:1300(100) ack 5000 win 500 <nop,nop,TS val 102 ecr 900> id 3
    0.0002 > . 1100:1200(100) ack 5000 win 500 <nop,nop,TS val 101 ecr 900> id 2    # segments-reordered
  `,
  recognise(part) {
    const moments = part.moments.filter(({ verdict }) => verdict === REORDERED);
    if (moments.length === 0) return undefined;
    const { dataSegments, arrivedTwice } = part.endpoint;
    const reordered = moments.length + part.forgotten((verdict) => verdict === REORDERED).segments;
    const severity = reordered >= Math.max(5, dataSegments / 100) ? 'warning' : 'note';
    return { evidence: { reordered, dataSegments, needless: arrivedTwice }, moments, severity };
  },
  tell: ({ reordered, dataSegments, needless }) => {
    const cost = needless > 0 ? `; ${countText(needless, 'segment')} came twice because of it` : '';
    return `${countText(reordered, 'segment')} of ${dataSegments} arrived after a later one${cost}.`;
  },
};
