import { FIN } from '../../decode/flags.js';
import { isBefore } from '../../decode/sequence.js';
import { CLOSED } from '../../flow/state.js';
import type { Moment } from '../../flow/timeline.js';
import { bytesText, durationText } from '../../hosts/wording.js';
import type { Pattern } from '../pattern.js';
import { RESET } from '../signs.js';
import { type Part, resetForm } from '../story.js';

interface Evidence {
  /** Nanoseconds from the FIN to the data that met no reader; negative where data that was still on its way is captured before the FIN. */
  delay: number;
  bytes: number;
  /** Nanoseconds before the FIN that the same data had been sent in vain; 0 when it had not. */
  writtenBefore: number;
  /** The peer had acknowledged the FIN before it sent the data. */
  finWasAcknowledged: boolean;
  /** Nanoseconds before the data that its acknowledgment came; 0 when the data was the first to say so. */
  sinceAcknowledged: number;
  /** It never was, and the orphan had been given up before the data came. */
  hadGivenUp: boolean;
}

/** Told of the end that had closed and answers with the reset. */
export const dataAfterClose: Pattern<'data-after-close', Evidence> = {
  id: 'data-after-close',
  title: 'Data sent to an end that has closed',
  severity: 'failure',
  needs: RESET,
  about: `One end has closed the connection and reads nothing more; the other goes on sending and gets a reset for it. Typical of an idle connection from a
    pool that the server closes at the moment in which the client uses it again.`,
  example: `
    0.000 > F. 1000:1000(0)   ack 5000 win 500 <nop,nop,TS val 1 ecr 900>      # data-after-close
    0.010 < .  5000:5000(0)   ack 1001 win 500 <nop,nop,TS val 910 ecr 1>
    0.100 < P. 5000:5100(100) ack 1001 win 500 <nop,nop,TS val 1000 ecr 1>     # data-after-close
    0.100 > R  1001:1001(0)            win 0                                   # data-after-close
  `,
  recognise(part, story) {
    const peer = story.other(part);
    const reset = part.resets.find((moment) => resetForm(moment, part) === 'answer');
    const fin = part.fins.find(({ frame }) => reset !== undefined && frame < reset.frame);
    if (reset === undefined || fin === undefined) return undefined;
    const data = lastData(peer, reset);
    if (data === undefined || isBefore(data.seq, fin.ack)) return undefined;
    const finWasAcknowledged = data.ack === ((fin.seq + fin.length + 1) | 0);
    const shown = data.moment ?? peer.fins.findLast(({ frame }) => frame < reset.frame);
    const moments = [fin, shown, reset].filter((moment) => moment !== undefined);
    const wasOver = story.transitions.some(({ side, to, at }) => side === part.endpoint.side && to === CLOSED && at < data.time);
    const hadGivenUp = !finWasAcknowledged && wasOver;
    const delay = data.time - fin.time;
    const writtenBefore = delay < 0 ? 0 : Math.max(0, fin.time - firstTime(data, peer));
    const sinceAcknowledged = finWasAcknowledged ? Math.max(0, data.time - part.endpoint.sndUnaTime) : 0;
    return { evidence: { delay, bytes: data.length, writtenBefore, finWasAcknowledged, sinceAcknowledged, hadGivenUp }, moments };
  },
  tell: ({ delay, bytes, writtenBefore }) => {
    const sent = bytesText(bytes);
    if (delay < 0) return `${sent} were still on their way when the other end closed, and were answered with a reset.`;
    if (writtenBefore > 0)
      return `${sent} that had been sent in vain ${durationText(writtenBefore)} before the other end closed were sent again after it, and answered with a reset.`;
    return `${sent} were sent ${durationText(delay)} after the other end had closed, and answered with a reset.`;
  },
};

/** When these bytes were sent first, as far as it is remembered. */
function firstTime({ seq, time }: Data, { endpoint: { transmissions } }: Part): number {
  for (let position = transmissions.oldest; position < transmissions.end; position++) {
    if (transmissions.seqOf(position) === seq && transmissions.endOf(position) !== seq) return Math.min(time, transmissions.timeOf(position));
  }
  return time;
}

interface Data {
  readonly time: number;
  readonly seq: number;
  readonly length: number;
  readonly ack: number;
  readonly moment?: Moment;
}

/** The last data before the reset that acknowledges what the reset does; a FIN behind it may have been sent in the same breath. */
function lastData({ moments, endpoint: { transmissions } }: Part, reset: Moment): Data | undefined {
  const moment = moments.findLast(({ frame, length, ack }) => frame < reset.frame && length > 0 && ack === reset.seq);
  if (moment !== undefined) return { time: moment.time, seq: moment.seq, length: moment.length, ack: moment.ack, moment };
  for (let position = transmissions.end - 1; position >= transmissions.oldest; position--) {
    const isEarlier = transmissions.frameOf(position) < reset.frame && transmissions.ackOf(position) === reset.seq;
    const fin = transmissions.flagsOf(position) & FIN ? 1 : 0;
    const length = ((transmissions.endOf(position) - transmissions.seqOf(position)) | 0) - fin;
    if (isEarlier && length > 0) {
      return { time: transmissions.timeOf(position), seq: transmissions.seqOf(position), length, ack: reset.seq };
    }
  }
  return undefined;
}
