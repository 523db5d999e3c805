import { FIN, SYN } from '../../decode/flags.js';
import { kindOf, RESENT_FAST, SPURIOUS } from '../../flow/verdict.js';
import { countText } from '../../hosts/wording.js';
import { wasTold } from '../path/too-big.js';
import type { Pattern } from '../pattern.js';
import { judged } from '../signs.js';

interface Evidence {
  resends: number;
  /** So many of them are still known one by one. */
  listed: number;
  /** Segments with payload of the same end. */
  dataSegments: number;
  /** The receiver says by SACK which segments it has. */
  hasSack: boolean;
  /** What asked for them is not in the capture, which holds this direction only. */
  isOneSided: boolean;
  /** Segments that the receiver's capture shows to be damaged. */
  corrupted: number;
}

/** More than this share of the segments lost makes a transfer slow. */
const NOTICEABLE = 0.005;

export const lossRepaired: Pattern<'loss-repaired', Evidence> = {
  id: 'loss-repaired',
  title: 'Lost segments, repaired quickly',
  severity: 'warning',
  needs: judged(RESENT_FAST),
  about: `Segments got lost on the way, the receiver's duplicate ACKs or SACKs showed it, and the sender sent them again within a
    round trip or so. Nothing stands still, but the sender takes each loss for congestion and slows down.`,
  example: `
    0.000 > . 1000:1100(100) ack 5000 win 500
    0.001 > . 1100:1200(100) ack 5000 win 500
    0.002 > . 1200:1300(100) ack 5000 win 500
    0.003 > . 1300:1400(100) ack 5000 win 500
    0.010 < . 5000:5000(0)   ack 1100 win 500
    0.011 < . 5000:5000(0)   ack 1100 win 500
    0.012 < . 5000:5000(0)   ack 1100 win 500
    0.013 > . 1100:1200(100) ack 5000 win 500   # loss-repaired
    0.023 < . 5000:5000(0)   ack 1400 win 500
  `,
  recognise(part, story) {
    const moments = part.moments.filter(
      (moment) => kindOf(moment.verdict) === RESENT_FAST && !(moment.verdict & SPURIOUS) && !(moment.flags & (SYN | FIN)) && !wasTold(moment, story),
    );
    if (moments.length === 0) return undefined;
    const { dataSegments, sackPermitted } = part.endpoint;
    const peer = story.other(part).endpoint;
    const hasSack = sackPermitted && peer.sackPermitted;
    const resends = moments.length + part.forgotten((verdict) => verdict === RESENT_FAST).segments;
    const evidence = { resends, listed: moments.length, dataSegments, hasSack, isOneSided: peer.segments === 0, corrupted: part.damaged };
    const severity = resends > Math.max(2, dataSegments * NOTICEABLE) ? 'warning' : 'note';
    return { evidence, moments, severity };
  },
  tell: ({ resends, dataSegments, hasSack, isOneSided }) => {
    const share = dataSegments > 0 ? ` (${((100 * resends) / dataSegments).toFixed(1)} % of ${countText(dataSegments, 'data segment')})` : '';
    const lost = `${countText(resends, 'lost segment')}${share} sent again`;
    if (isOneSided) return `${lost} without a timeout; what had asked for ${resends === 1 ? 'it' : 'them'} was not captured.`;
    return `${lost} after ${hasSack ? 'SACKs' : 'duplicate ACKs'} had asked for ${resends === 1 ? 'it' : 'them'}.`;
  },
};
