import { isAfter } from '../../decode/sequence.js';
import { durationText } from '../../hosts/wording.js';
import type { Pattern } from '../pattern.js';
import { RESET } from '../signs.js';
import { resetForm } from '../story.js';

interface Evidence {
  /** Nanoseconds from this end's FIN to the peer's FIN that was answered with the reset. */
  delay: number;
  /** This end had acknowledged that FIN before: it only forgot. */
  hadAcknowledged: boolean;
  /** Nanoseconds from the first time that the peer sent that FIN to the reset. */
  sinceFirst: number;
}

/** Told of the end that had closed first and answers with the reset. */
export const lateFinReset: Pattern<'late-fin-reset', Evidence> = {
  id: 'late-fin-reset',
  title: 'FIN answered with a reset',
  severity: 'warning',
  needs: RESET,
  about: `The end that closed first no longer knows the connection when the other end closes as well: it has forgotten its FIN_WAIT2 or TIME_WAIT by then. The
    late one gets a reset for an orderly close; no data is lost.`,
  example: `
     0.000 > F. 1000:1000(0)   ack 5000 win 500 <nop,nop,TS val 1 ecr 900>        # late-fin-reset
     0.010 < .  5000:5000(0)   ack 1001 win 500 <nop,nop,TS val 910 ecr 1>
    65.000 < F. 5000:5000(0)   ack 1001 win 500 <nop,nop,TS val 65900 ecr 1>      # late-fin-reset
    65.000 > R  1001:1001(0)            win 0                                     # late-fin-reset
  `,
  recognise(part, story) {
    const peer = story.other(part);
    const reset = part.resets.find((moment) => resetForm(moment, part) === 'answer');
    const own = part.fins.find(({ frame }) => reset !== undefined && frame < reset.frame);
    const late = peer.fins.findLast(({ frame, ack }) => reset !== undefined && frame < reset.frame && ack === reset.seq);
    const first = peer.fins[0];
    if (reset === undefined || own === undefined || late === undefined || first === undefined) return undefined;
    const dataBefore = peer.moments.some(({ frame, length, time }) => length > 0 && time > own.time && frame < reset.frame && frame > late.frame);
    const isBehindData = part.endpoint.hasRcvNxt && isAfter(late.seq, part.endpoint.rcvNxt) && peer.endpoint.lastDataTime > own.time; // that is what was refused
    if (dataBefore || isBehindData) return undefined;
    const hadAcknowledged = part.moments.some(
      ({ frame, ack, flags }) => frame < reset.frame && frame > first.frame && !(flags & 0x04) && ack === ((first.seq + first.length + 1) | 0),
    );
    return { evidence: { delay: late.time - own.time, hadAcknowledged, sinceFirst: reset.time - first.time }, moments: [own, late, reset] };
  },
  tell: ({ delay, hadAcknowledged, sinceFirst }) =>
    hadAcknowledged
      ? `A FIN that had been acknowledged was sent again and answered with a reset, ${durationText(sinceFirst)} after the first time.`
      : `The other end's FIN came ${durationText(delay)} after this end's, and was answered with a reset.`,
};
