import { kindOf, RESENT_TIMEOUT } from '../../flow/verdict.js';
import { bytesText, durationText } from '../../hosts/wording.js';
import type { Pattern } from '../pattern.js';
import { SWOLLEN } from '../signs.js';

interface Evidence {
  /** Nanoseconds: the shortest round trip, and how far the smoothed one rose. */
  shortest: number;
  swollen: number;
  /** Most bytes under way. */
  flight: number;
  /** Segments lost meanwhile. */
  lost: number;
}

/** Nanoseconds more than the shortest that are no variation any more, and many times the shortest. */
const MUCH_LONGER = 80e6;
const TIMES = 3;
/** So much of the growth may come from one acknowledgment to the next. */
const AT_ONCE = 0.5;
const ENOUGH = 8;

/** Told of the sender. */
export const queueGrowing: Pattern<'queue-growing', Evidence> = {
  id: 'queue-growing',
  title: 'Round trips grow with the data under way',
  severity: 'warning',
  needs: SWOLLEN,
  about: `The more is under way, the longer an acknowledgment takes: the data waits in a queue somewhere on the path, usually before its slowest link.
    Throughput does not suffer, everything else that shares the queue does.`,
  example: `
    0.000 > .  1000:1100(100) ack 5000 win 500
    0.020 < .  5000:5000(0) ack 1100   win 500
    0.021 > .  1100:1200(100) ack 5000 win 500
    0.021 > .  1200:1300(100) ack 5000 win 500
    0.021 > .  1300:1400(100) ack 5000 win 500
    0.021 > .  1400:1500(100) ack 5000 win 500
    0.021 > .  1500:1600(100) ack 5000 win 500
    0.021 > .  1600:1700(100) ack 5000 win 500
    0.021 > .  1700:1800(100) ack 5000 win 500
    0.021 > .  1800:1900(100) ack 5000 win 500
    0.121 < .  5000:5000(0) ack 1200   win 500
    0.221 < .  5000:5000(0) ack 1300   win 500
    0.321 < .  5000:5000(0) ack 1400   win 500
    0.421 < .  5000:5000(0) ack 1500   win 500
    0.521 < .  5000:5000(0) ack 1600   win 500
    0.621 < .  5000:5000(0) ack 1700   win 500
    0.721 < .  5000:5000(0) ack 1800   win 500
    0.821 < .  5000:5000(0) ack 1900   win 500     # queue-growing
  `,
  recognise(part) {
    const { roundTrips, pace } = part.endpoint;
    if (pace === undefined || roundTrips.count < ENOUGH || pace.flight < pace.largest * 8) return undefined;
    const { shortest, swollen, leap } = roundTrips;
    if (swollen < shortest * TIMES || swollen - shortest < MUCH_LONGER) return undefined;
    if (leap > (swollen - shortest) * AT_ONCE) return undefined; // a queue grows segment by segment: the path stood still, or became longer
    if (part.moments.some(({ verdict }) => kindOf(verdict) === RESENT_TIMEOUT)) return undefined; // waits for a timer look the same
    const lost = part.moments.filter(({ earlier }) => earlier !== undefined).length;
    return { evidence: { shortest, swollen, flight: pace.flight, lost }, moments: [], frames: [roundTrips.swollenFrame] };
  },
  tell: ({ shortest, swollen, flight }) =>
    `Round trips grew from ${durationText(shortest)} to ${durationText(swollen)} with up to ${bytesText(flight)} under way.`,
};
