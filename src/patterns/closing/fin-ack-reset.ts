import { FIN, SYN } from '../../decode/flags.js';
import { durationText } from '../../hosts/wording.js';
import type { Pattern } from '../pattern.js';
import { dataAfterClose } from '../resets/data-after-close.js';
import { RESET } from '../signs.js';
import { type Part, resetForm } from '../story.js';

interface Evidence {
  /** Nanoseconds from the first FIN to the reset. */
  delay: number;
  /** Times that the FIN had been sent. */
  fins: number;
}

/** Told of the end that had closed and answers with the reset. */
export const finAckReset: Pattern<'fin-ack-reset', Evidence> = {
  id: 'fin-ack-reset',
  title: 'Acknowledgment of a FIN answered with a reset',
  severity: 'warning',
  needs: RESET,
  about: `One end closes and the other acknowledges that, which alone brings it a reset: the end that has closed keeps nothing that could wait for the close of
    the other one, or for what that still has to say.`,
  example: `
    0.000 > F. 1000:1000(0)   ack 5000 win 500 <nop,nop,TS val 1 ecr 900>        # fin-ack-reset
    0.010 < .  5000:5000(0)   ack 1001 win 500 <nop,nop,TS val 910 ecr 1>
    0.010 > R  1001:1001(0)            win 0                                     # fin-ack-reset
  `,
  recognise(part, story) {
    const reset = part.resets.find((moment) => resetForm(moment, part) === 'answer');
    const fin = part.fins.find(({ frame }) => reset !== undefined && frame < reset.frame);
    if (reset === undefined || fin === undefined || reset.seq !== ((fin.seq + fin.length + 1) | 0)) return undefined;
    const peer = story.other(part);
    const hasClosedToo = peer.fins.some(({ frame }) => frame < reset.frame); // that is TIME_WAIT's affair
    if (hasClosedToo || !answersAcknowledgment(reset, peer) || dataAfterClose.recognise(part, story) !== undefined) return undefined;
    return { evidence: { delay: reset.time - fin.time, fins: part.endpoint.finRepeats.count }, moments: [fin, reset] };
  },
  tell: ({ delay }) => `The acknowledgment of a FIN was answered with a reset, ${durationText(delay)} after the FIN.`,
};

/** The last that its peer sent before the reset carried nothing but the acknowledgment of the FIN. */
function answersAcknowledgment(reset: { frame: number; seq: number }, { endpoint: { transmissions } }: Part): boolean {
  const last = transmissions.findLast((position) => transmissions.frameOf(position) < reset.frame);
  if (last === undefined || transmissions.ackOf(last) !== reset.seq) return false;
  return transmissions.seqOf(last) === transmissions.endOf(last) && !(transmissions.flagsOf(last) & (SYN | FIN));
}
