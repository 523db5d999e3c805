import { ACK, RST, SYN } from '../../decode/flags.js';
import type { Moment } from '../../flow/timeline.js';
import { countText } from '../../hosts/wording.js';
import type { Pattern } from '../pattern.js';
import { RESET } from '../signs.js';

interface Evidence {
  /** Resets whose sequence number was not exactly the next one, and that changed nothing. */
  resets: number;
  /** Of these, answered with an ACK: the number lay inside the window. */
  challenged: number;
  /** IP ID or TTL differ from what their alleged sender sends otherwise. */
  looksForeign: boolean;
  /** Other segments that were answered with what was acknowledged before: wrong acknowledgments, numbers outside the window. */
  otherInvalid: number;
}

/** Told of the end that gets them. */
export const resetRefused: Pattern<'reset-refused', Evidence> = {
  id: 'reset-refused',
  title: 'Resets that are not accepted',
  severity: 'warning',
  needs: RESET,
  about: `A reset counts only when it carries exactly the next sequence number (RFC 5961 section 3.2). With any other number inside the window it is answered
    with a challenge ACK, outside the window with nothing; the connection goes on.`,
  example: `
    0.000 > P. 1000:1100(100) ack 5000 win 500 id 7
    0.010 < .  5000:5000(0)   ack 1100 win 500 id 1
    1.000 > R  1150:1150(0)          win 500 id 9000     # reset-refused
    1.000 < .  5000:5000(0)   ack 1100 win 500 id 2      # reset-refused
    2.000 > P. 1100:1200(100) ack 5000 win 500 id 8
    2.010 < .  5000:5000(0)   ack 1200 win 500 id 3
  `,
  recognise(part, story) {
    const sender = story.other(part);
    const refused = sender.resets.filter(({ frame, time }) => part.endpoint.refusedResets.includes(frame) && part.endpoint.lastTime > time);
    if (refused.length === 0) return undefined;
    const answers = refused.flatMap((reset) => part.moments.find((moment) => answersAtOnce(reset, moment)) ?? []);
    const evidence: Evidence = {
      resets: refused.length,
      challenged: answers.length,
      looksForeign: refused.some((reset) => looksForeign(reset, sender.moments)),
      otherInvalid: sender.moments.filter(({ flags, ack }) => !(flags & (RST | SYN)) && ack !== 0 && ack - part.endpoint.sndNxt > 0).length,
    };
    return { evidence, moments: [...refused, ...answers].sort((a, b) => a.frame - b.frame) };
  },
  tell: ({ resets, challenged }) =>
    `${countText(resets, 'reset')} with a wrong sequence number changed nothing; ${challenged} of them got a challenge ACK.`,
};

const AT_ONCE = 300e6;

function answersAtOnce(reset: Moment, { time, flags, length, frame }: Moment): boolean {
  return frame > reset.frame && time - reset.time < AT_ONCE && length === 0 && (flags & (SYN | RST | ACK)) === ACK;
}

/** Its TTL or IP ID does not continue what the alleged sender sends. */
function looksForeign(reset: Moment, moments: readonly Moment[]): boolean {
  const before = moments.findLast(({ frame, ipId }) => frame < reset.frame && ipId > 0);
  if (before === undefined || reset.ipId === 0) return false;
  return reset.ttl !== before.ttl || Math.abs(((reset.ipId - before.ipId) << 16) >> 16) > 64;
}
