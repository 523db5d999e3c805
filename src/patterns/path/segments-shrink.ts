import { isAfter } from '../../decode/sequence.js';
import type { Moment } from '../../flow/timeline.js';
import { isResent, kindOf, RESENT_TIMEOUT } from '../../flow/verdict.js';
import { bytesText, durationText, listText, timesText } from '../../hosts/wording.js';
import type { Pattern } from '../pattern.js';
import { judged } from '../signs.js';

interface Evidence {
  /** Payload that did not get through, how often it was sent again in that size, and the sizes that were tried after it; bytes. */
  full: number;
  tries: number;
  sizes: readonly number[];
  /** Nanoseconds from the first try to the first smaller one. */
  waited: number;
  /** The smallest of them was acknowledged. */
  gotThrough: boolean;
}

/** Clearly smaller: options may take some bytes from one transmission to the next. */
const SMALLER = 0.9;

/** Told of the sender. */
export const segmentsShrink: Pattern<'segments-shrink', Evidence> = {
  id: 'segments-shrink',
  title: 'The same data, tried in smaller and smaller segments',
  severity: 'warning',
  needs: judged(RESENT_TIMEOUT),
  about: `A segment is sent again in full size until the sender tries the beginning of it alone, and a still smaller piece at the next timeout. No
    ICMP message has told it to: it suspects by itself that the path cannot carry its segments.`,
  example: `
     0.000 > .  1000:2448(1448) ack 5000 win 500
     0.300 > .  1000:2448(1448) ack 5000 win 500    # segments-shrink
     0.900 > .  1000:2448(1448) ack 5000 win 500    # segments-shrink
     2.100 > .  1000:2448(1448) ack 5000 win 500    # segments-shrink
     4.500 > .  1000:2024(1024) ack 5000 win 500    # segments-shrink
     9.300 > .  1000:1512(512)  ack 5000 win 500    # segments-shrink
     9.310 < .  5000:5000(0)    ack 1512 win 500
  `,
  recognise({ endpoint, moments }, { flow, icmp }) {
    if (icmp.some(({ mtu }) => mtu > 0)) return undefined;
    const again = moments.filter(({ verdict, length }) => isResent(verdict) && length > 0);
    const [first] = again;
    if (first === undefined || isOversized(first.length, flow.peer(endpoint).mss)) return undefined;
    const stuck = again.filter(({ seq }) => seq === first.seq);
    const whole = stuck.filter(({ length }) => length === first.length);
    const pieces = shrinking(stuck.filter((moment) => kindOf(moment.verdict) === RESENT_TIMEOUT));
    const [piece] = pieces;
    if (piece === undefined || piece.length > first.length * SMALLER || whole.length < 2) return undefined;
    const evidence = {
      full: first.length,
      tries: whole.length,
      sizes: pieces.map(({ length }) => length),
      waited: piece.time - (first.earlier?.time ?? first.time),
      gotThrough: isAfter(endpoint.sndUna, first.seq),
    };
    return { evidence, moments: [...whole, ...pieces] };
  },
  tell: ({ full, tries, sizes, waited, gotThrough }) =>
    `${bytesText(full)} were sent again ${timesText(tries)}, and ${durationText(waited)} after the first try in pieces of ${listText(sizes.map(String))} bytes${gotThrough ? ', which got through' : ''}.`,
};

/** Those that are smaller than everything before them, the first size aside. */
function shrinking(stuck: readonly Moment[]): Moment[] {
  return stuck.filter(({ length }, i) => i > 0 && stuck.slice(0, i).every((before) => length < before.length * SMALLER));
}

/** Captured before the network card cut it: smaller ones are then no sign. */
function isOversized(length: number, mss: number): boolean {
  return mss > 0 && length > mss;
}
