import { isAfter, isBefore } from '../../decode/sequence.js';
import type { Endpoint } from '../../flow/endpoint.js';
import { durationText } from '../../hosts/wording.js';
import type { Pattern } from '../pattern.js';
import { CLOSING } from '../signs.js';
import { resetForm } from '../story.js';

interface Evidence {
  /** Nanoseconds from the peer's FIN to this end's own, or to the end of the capture. */
  lasted: number;
  /** This end closed in the end. */
  closed: boolean;
  /** Its late FIN, or what it sent, was answered with a reset. */
  wasReset: boolean;
  /** Nanoseconds from the peer's FIN to the last data of this end; undefined when it sent none. */
  lastData: number | undefined;
}

/** Nanoseconds: an application that takes longer to notice end-of-file does not look for it. */
const PATIENCE = 3e9;

/** Told of the end that does not close. */
export const closeMissing: Pattern<'close-missing', Evidence> = {
  id: 'close-missing',
  title: 'One end has closed, the other does not follow',
  severity: 'warning',
  needs: CLOSING,
  about: `The FIN has arrived and its kernel has acknowledged it, but the application does not close its socket: it stays in CLOSE_WAIT, for which no timer exists,
    and keeps a file descriptor. The other end waits in FIN_WAIT2.`,
  example: `
     0.000 > F. 1000:1000(0)   ack 5000 win 500    # close-missing
     0.010 < .  5000:5000(0)   ack 1001 win 500    # close-missing
    10.000 < F. 5000:5000(0)   ack 1001 win 500    # close-missing
    10.010 > .  1001:1001(0)   ack 5001 win 500
  `,
  recognise(part, story) {
    const { endpoint } = part;
    const peer = story.other(part);
    const fin = peer.fins[0];
    const wasTaken = fin !== undefined && peer.endpoint.isAcknowledged && isBefore(peer.endpoint.finSeq, peer.endpoint.sndUna);
    if (fin === undefined || !wasTaken || (endpoint.hasFin && endpoint.finRepeats.first < fin.time)) return undefined;
    const own = part.fins[0];
    if (own === undefined && wasMissed(endpoint, peer.endpoint)) return undefined;
    const believed = peer.resets.find(({ frame }) => frame > fin.frame && !endpoint.refusedResets.includes(frame));
    const ended = Math.min(endpoint.hasFin ? endpoint.finRepeats.first : story.end, part.resets[0]?.time ?? story.end, believed?.time ?? story.end);
    const lasted = ended - fin.time;
    const lastData = endpoint.lastDataTime > fin.time ? endpoint.lastDataTime - fin.time : undefined;
    const isSending = lastData !== undefined && lasted - lastData < PATIENCE;
    if (lasted < PATIENCE || isSending) return undefined;
    const wasReset = peer.resets.some((reset) => resetForm(reset, peer) === 'answer');
    const answer = part.moments.find(({ frame, ack }) => frame > fin.frame && ack === ((fin.seq + fin.length + 1) | 0));
    const moments = [fin, answer, own].filter((moment) => moment !== undefined).sort((a, b) => a.frame - b.frame);
    return { evidence: { lasted, closed: own !== undefined, wasReset, lastData }, moments: [...new Set(moments)] };
  },
  tell: ({ lasted, closed, wasReset }) =>
    `${closed ? 'It took' : 'Until the end of the capture,'} ${durationText(lasted)} after the other end's FIN ${closed ? 'until this end closed as well' : 'this end did not close'}${wasReset ? '; by then the other end had forgotten the connection' : ''}.`,
};

/** What its peer has acknowledged beyond all that was captured may be its FIN. */
function wasMissed({ segments, sndNxt }: Endpoint, { hasRcvNxt, rcvNxt }: Endpoint): boolean {
  return segments > 0 && hasRcvNxt && isAfter(rcvNxt, sndNxt);
}
