import { isAfter } from '../../decode/sequence.js';
import type { Pattern } from '../pattern.js';
import { CLOSING } from '../signs.js';

type Evidence = Record<string, never>;

export const simultaneousClose: Pattern<'simultaneous-close', Evidence> = {
  id: 'simultaneous-close',
  title: 'Both ends closed at the same time',
  severity: 'note',
  needs: CLOSING,
  about: 'Two FINs crossed; both ends pass through CLOSING, and both keep a TIME_WAIT. Nothing is wrong.',
  example: `
    0.000 > F. 1000:1000(0) ack 5000 win 500    # simultaneous-close
    0.005 < F. 5000:5000(0) ack 1000 win 500    # simultaneous-close
    0.006 > .  1001:1001(0) ack 5001 win 500
    0.015 < .  5001:5001(0) ack 1001 win 500
  `,
  recognise({ role }, { client, server }) {
    const [ours] = client.fins;
    const [theirs] = server.fins;
    if (role !== 'client' || ours === undefined || theirs === undefined) return undefined;
    const knew = (one: typeof ours, other: typeof ours): boolean => isAfter(one.ack, (other.seq + other.length) | 0);
    return knew(ours, theirs) || knew(theirs, ours) ? undefined : { evidence: {}, moments: [ours, theirs].sort((a, b) => a.frame - b.frame) };
  },
  tell: () => 'The FINs of both ends crossed.',
};
