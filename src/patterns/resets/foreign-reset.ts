import { ACK } from '../../decode/flags.js';
import type { Moment } from '../../flow/timeline.js';
import type { Pattern } from '../pattern.js';
import { RESET } from '../signs.js';
import { isAcknowledgment, type Part, resetForm } from '../story.js';

interface Evidence {
  /** Nanoseconds that the connection had been silent. */
  silentBefore: number;
  /** The other end was reset as well, in the name of this one's peer. */
  bothWays: boolean;
  /** It has no ACK flag: a kernel without a socket answers so, and so do most who forge. */
  isBare: boolean;
}

/** Told of the end whose address the reset carries. */
export const foreignReset: Pattern<'foreign-reset', Evidence> = {
  id: 'foreign-reset',
  title: 'An open connection was ended by a reset that Linux does not make so',
  severity: 'failure',
  needs: RESET,
  about: `Linux makes two kinds of resets on an open connection: a bare one with IP ID 0 and window 0 where it has no socket, and one with ACK, the real window
    and the next IP ID where the owner of the socket ends it. This one is neither, or came with another hop limit: another system sent it, or somebody on the path in its name.`,
  example: `
    0.000 > S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7> id 1
    0.020 < S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 7>
    0.020 > .  1001:1001(0) ack 5001 win 502   <nop,nop,TS val 120 ecr 900> id 2
    0.030 > P. 1001:1101(100) ack 5001 win 502 <nop,nop,TS val 130 ecr 900> id 3
    0.050 < .  5001:5001(0) ack 1101 win 509   <nop,nop,TS val 950 ecr 130> id 1
    0.090 > P. 1101:1201(100) ack 5001 win 502 <nop,nop,TS val 190 ecr 950> id 4
    0.091 < R  5001:5001(0)          win 0 ttl 53 id 16962                          # foreign-reset
  `,
  recognise(part, story) {
    const peer = story.other(part);
    const reset = believed(part, peer)[0];
    const answer = believed(peer, part)[0];
    const isFirst = reset !== undefined && (answer === undefined || reset.frame < answer.frame); // of two, the one that began
    if (!isFirst || !isForeign(reset, part)) return undefined;
    const wasOpen = story.parts.every(({ moments }) => moments.some((moment) => moment.frame < reset.frame && isAcknowledgment(moment)));
    const wasClosing = story.parts.some(({ fins }) => fins.some((fin) => fin.frame < reset.frame));
    if (!wasOpen || wasClosing) return undefined;
    const bothWays = answer !== undefined && isForeign(answer, peer);
    return {
      evidence: { silentBefore: story.pauseBefore(reset), bothWays, isBare: (reset.flags & ACK) === 0 },
      moments: bothWays ? [reset, answer] : [reset],
    };
  },
  tell: ({ bothWays }) =>
    bothWays
      ? 'Each end got a reset that carries the address of the other, and neither has the form that Linux gives it.'
      : 'A reset that does not have the form Linux gives it ended the connection.',
};

/** By its form; over IPv6, which has no IP ID, also by a hop limit that the packets before it did not have. */
export function isForeign(reset: Moment, part: Part): boolean {
  if (resetForm(reset, part) === 'foreign') return true;
  const before = part.moments.filter(({ frame }) => frame < reset.frame);
  return reset.ipId < 0 && before.length > 0 && before.every(({ ttl }) => ttl !== reset.ttl);
}

/** Its resets that the peer has not refused. */
function believed({ resets }: Part, { endpoint }: Part): Moment[] {
  return resets.filter(({ frame }) => !endpoint.refusedResets.includes(frame));
}
