import { isBefore } from '../../decode/sequence.js';
import { durationText, timesText } from '../../hosts/wording.js';
import type { Pattern } from '../pattern.js';
import { CLOSING } from '../signs.js';
import { closedLast } from './closed-last.js';

interface Evidence {
  /** Times that the FIN was sent. */
  fins: number;
  /** Nanoseconds from the first to the last. */
  span: number;
  /** It acknowledges the FIN of the other end: this is the last one, and its sender is in LAST_ACK. */
  isLast: boolean;
}

/** Told of the end whose FIN it is. */
export const finUnacknowledged: Pattern<'fin-unacknowledged', Evidence> = {
  id: 'fin-unacknowledged',
  title: 'FIN never acknowledged',
  severity: 'warning',
  needs: CLOSING,
  about: `One end closes and repeats its FIN, each time after twice the wait, and nothing comes back: the other end is gone or cannot be reached. The kernel
    gives the orphaned connection up after a while, without a packet.`,
  example: `
    0.000 > F. 1000:1000(0)   ack 5000 win 500    # fin-unacknowledged
    0.210 > F. 1000:1000(0)   ack 5000 win 500    # fin-unacknowledged
    0.630 > F. 1000:1000(0)   ack 5000 win 500    # fin-unacknowledged
    1.470 > F. 1000:1000(0)   ack 5000 win 500    # fin-unacknowledged
  `,
  recognise(part, story) {
    const { endpoint, fins } = part;
    const { finRepeats, hasFin, finSeq, isAcknowledged, sndUna } = endpoint;
    const isOpen = hasFin && (!isAcknowledged || !isBefore(finSeq, sndUna));
    if (!isOpen || finRepeats.count < 2) return undefined;
    const peer = story.other(part);
    if (peer.endpoint.lastTime > finRepeats.last) return undefined;
    return { evidence: { fins: finRepeats.count, span: finRepeats.last - finRepeats.first, isLast: closedLast(part, peer) }, moments: fins };
  },
  tell: ({ fins, span }) => `The FIN was sent ${timesText(fins)} within ${durationText(span)} and never acknowledged.`,
};
