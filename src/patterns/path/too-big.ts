import type { Moment } from '../../flow/timeline.js';
import { countText } from '../../hosts/wording.js';
import type { Pattern } from '../pattern.js';
import { ICMP } from '../signs.js';
import type { Story } from '../story.js';

interface Evidence {
  /** Largest packet that the next network takes, as the ICMP error says. */
  mtu: number;
  errors: number;
  /** Payload of the segments before and after. */
  before: number;
  after: number;
  /** What was sent again after them, more than once, was as large as before. */
  ignored: boolean;
  frames: number[];
}

/** An ICMP error made the sender repeat the segment at once in a smaller size: no timer was involved. */
export function wasTold({ time, side }: Moment, { icmp }: Story): boolean {
  return icmp.some((error) => error.mtu > 0 && error.side === side && time >= error.time && time - error.time < AT_ONCE);
}

/** Nanoseconds. */
const AT_ONCE = 50e6;

/** Told of the sender. */
export const tooBig: Pattern<'too-big', Evidence> = {
  id: 'too-big',
  title: 'Segments shrink after "packet too big"',
  severity: 'note',
  needs: ICMP,
  about: `A router cannot pass on a packet of this size and says so with the size that it can; the sender cuts its data into smaller segments at once. That is path
    MTU discovery at work (RFC 1191, RFC 8201).`,
  example: `
    0.000 > .  1000:2448(1448) ack 5000 win 500
    0.001 icmp toobig 1400 about > . 1000:2448(1448)
    0.002 > .  1000:2348(1348) ack 5000 win 500    # too-big
    0.020 < .  5000:5000(0)    ack 2348 win 500
  `,
  recognise(part, story) {
    const errors = story.icmp.filter(({ side, mtu }) => side === part.endpoint.side && mtu > 0);
    const [first] = errors;
    if (first === undefined) return undefined;
    const smaller = part.moments.filter(({ time, length, earlier }) => time > first.time && length > 0 && earlier !== undefined);
    const after = smaller[0]?.length ?? 0;
    const before = part.endpoint.pace?.largest ?? 0;
    const ignored = errors.length > 1 && smaller.length > 1 && smaller.every(({ length }) => length === before);
    const evidence = { mtu: first.mtu, errors: errors.length, before, after, ignored, frames: errors.map(({ frame }) => frame) };
    return { evidence, moments: smaller, ...(ignored && { severity: 'failure' }) };
  },
  tell: ({ mtu, errors, before, after, ignored }) =>
    `${countText(errors, 'ICMP error')} named an MTU of ${mtu}; segments ${ignored ? `stayed at ${before}` : `went from ${before} to ${after}`} bytes.`,
};
