import { NETWORK_DUPLICATE, RESENT_SYN } from '../../flow/verdict.js';
import { bytesText, countText, durationText } from '../../hosts/wording.js';
import type { Pattern } from '../pattern.js';
import { judged, OPENING } from '../signs.js';

interface Evidence {
  /** Repeats of this end's own SYN or SYN-ACK. */
  repeats: number;
  /** Bytes under way in the first and in the second round trip, and of a full segment. */
  first: number;
  second: number;
  segment: number;
  /** Nanoseconds from the first data to the next. */
  waited: number;
}

/** Nearly a full segment: options take some of it. */
const FULL = 0.9;
/** As long as the answer takes, and no longer. */
const A_ROUND_TRIP = 1.5;

/** Told of the sender. */
export const smallFirstFlight: Pattern<'small-first-flight', Evidence> = {
  id: 'small-first-flight',
  title: 'One segment, then a whole round trip of waiting',
  severity: 'note',
  needs: OPENING | judged(RESENT_SYN, NETWORK_DUPLICATE),
  about: `After a handshake that had to be repeated the sender has more than one segment to send, but sends a single one and waits for its acknowledgment, then
    two, then four: it begins with a congestion window of one.`,
  example: `
    0.000 > S  1000:1000(0)            win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>
    1.000 > S  1000:1000(0)            win 64240 <mss 1460,sackOK,TS val 1100 ecr 0,nop,wscale 7>
    3.000 > S  1000:1000(0)            win 64240 <mss 1460,sackOK,TS val 3100 ecr 0,nop,wscale 7>
    3.080 < S. 5000:5000(0) ack 1001   win 65160 <mss 1460,sackOK,TS val 900 ecr 3100,nop,wscale 7>
    3.080 > .  1001:1001(0) ack 5001   win 502   <nop,nop,TS val 3180 ecr 900>
    3.081 > .  1001:2449(1448) ack 5001 win 502  <nop,nop,TS val 3181 ecr 900>    # small-first-flight
    3.161 < .  5001:5001(0) ack 2449   win 501   <nop,nop,TS val 981 ecr 3181>
    3.161 > .  2449:3897(1448) ack 5001 win 502  <nop,nop,TS val 3261 ecr 981>
    3.161 > P. 3897:5345(1448) ack 5001 win 502  <nop,nop,TS val 3261 ecr 981>
    3.241 < .  5001:5001(0) ack 5345   win 501   <nop,nop,TS val 1061 ecr 3261>
  `,
  recognise({ endpoint, syns, moments }, { flow, roundTrip }) {
    const { pace } = endpoint;
    const { mss } = flow.peer(endpoint);
    const repeats = syns.reduce((sum, { count }) => sum + count, 0) - 1;
    if (pace === undefined || mss <= 0 || repeats < 1 || roundTrip === 0) return undefined;
    const { firstFlight: first, secondFlight: second, secondFlightAfter: waited } = pace;
    const isOneSegment = first <= mss && first > mss * FULL;
    if (!isOneSegment || second <= first || second > first * 3 || waited > roundTrip * A_ROUND_TRIP) return undefined;
    const data = moments.find(({ length }) => length > 0);
    return { evidence: { repeats, first, second, segment: mss, waited }, moments: data === undefined ? [] : [data] };
  },
  tell: ({ repeats, first, waited, second }) =>
    `After ${countText(repeats, 'repeat')} in the handshake ${bytesText(first)} were sent, and nothing more for ${durationText(waited)}, then ${bytesText(second)}.`,
};
