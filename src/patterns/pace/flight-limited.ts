import { bytesText, countText } from '../../hosts/wording.js';
import type { Pattern } from '../pattern.js';
import { FLIGHT_LIMIT } from '../signs.js';

interface Evidence {
  /** Most bytes under way, and how often that much was. */
  flight: number;
  times: number;
  /** Flights of this size that the whole transfer took. */
  flights: number;
  /** The receiver's window at its largest, bytes. */
  window: number;
}

/** A transfer of fewer flights says nothing about its limits. */
const ENOUGH = 8;
/** It comes back to the limit in at least so much of its flights. */
const MOSTLY = 0.5;
/** Each of its flights takes a round trip, or little more. */
const ROUNDS = 2;
/** Room in the window that was never used. */
const ROOM = 2;

/** Told of the sender. */
export const flightLimited: Pattern<'flight-limited', Evidence> = {
  id: 'flight-limited',
  title: 'The sender never has more than so much under way',
  severity: 'note',
  needs: FLIGHT_LIMIT,
  about: `Acknowledgments come, nothing is lost and the window of the receiver has room, but the sender does not send more in one round trip than in the
    one before, though nobody asks for it piece by piece. Something on the sending host holds it to that amount: a congestion window would have grown.`,
  example: `
    0.000 > S  1000:1000(0)             win 64240 <mss 1000,nop,wscale 7>
    0.900 < S. 5000:5000(0) ack 1001    win 64240 <mss 1000,nop,wscale 7>
    0.900 > .  1001:1001(0) ack 5001    win 502
${Array.from({ length: 10 }, (_, i) => {
  const seq = 1001 + i * 2000;
  return `
    ${1 + i}.000 > .  ${seq}:${seq + 1000}(1000) ack 5001 win 502${i === 0 ? '    # flight-limited' : ''}
    ${1 + i}.000 > .  ${seq + 1000}:${seq + 2000}(1000) ack 5001 win 502
    ${1 + i}.900 < .  5001:5001(0) ack ${seq + 2000} win 502`;
}).join('')}
  `,
  recognise(part, { flow, roundTrip }) {
    const { endpoint } = part;
    const { pace, payload } = endpoint;
    if (pace === undefined || endpoint.hasResent || roundTrip === 0) return undefined;
    const { flight, atCeiling, windowLimited, answers } = pace;
    const [data] = part.moments.filter(({ length }) => length > 0);
    const lasted = endpoint.lastDataTime - (data?.time ?? endpoint.lastDataTime);
    const flights = Math.round(payload / Math.max(flight, 1));
    const { largestWindow: window, scaleInUse } = flow.peer(endpoint);
    const isShort = flights < ENOUGH || atCeiling < Math.max(ENOUGH, flights * MOSTLY) || flight < 2 * pace.largest;
    const isDialogue = answers > flights * MOSTLY; // it sends what it was asked for, and no more
    const isSlower = lasted > flights * roundTrip * ROUNDS; // then it waits for something else: its application, or a slow link
    if (isShort || isDialogue || isSlower || scaleInUse < 0 || window < flight * ROOM || windowLimited > 0) return undefined;
    return { evidence: { flight, times: atCeiling, flights, window }, moments: data === undefined ? [] : [data] };
  },
  tell: ({ flight, times, window }) =>
    `${countText(times, 'time')} ${bytesText(flight)} were under way and never more, where the window allowed ${bytesText(window)}.`,
};
