import type { Hosts } from '../../hosts/hosts.js';
import type { Quality } from '../../hosts/quality.js';
import { shareText } from '../../hosts/wording.js';
import type { HostPattern } from '../pattern.js';

interface Evidence {
  /** Conversations of which one end was never captured although it spoke, of all. */
  oneSided: number;
  conversations: number;
}

export const oneDirectionOnly: HostPattern<'one-direction-only', Evidence> = {
  id: 'one-direction-only',
  title: 'Only one direction captured',
  severity: 'note',
  about: `One end sends, and acknowledges what nobody is seen to send: the other end does answer, but its packets did not pass the point of capture,
    or a filter left them out. Nothing can be said about that end, nor about losses and round trips.`,
  example: `
    0.000 > S  1000:1000(0)            win 64240 <mss 1460,sackOK,nop,wscale 7>    # one-direction-only
    0.010 > .  1001:1001(0)   ack 5001 win 502
    0.011 > P. 1001:1101(100) ack 5001 win 502
    0.031 > .  1101:1101(0)   ack 5601 win 501
  `,
  recognise({ quality }: Hosts & { readonly quality: Quality }) {
    const { oneSided, flows } = quality;
    if (oneSided.count === 0) return [];
    const evidence = { oneSided: oneSided.count, conversations: flows };
    return [{ subject: 'the capture', evidence, streams: oneSided.streams, frames: oneSided.frames }];
  },
  tell: ({ oneSided, conversations }) =>
    `Of ${shareText(oneSided, conversations, 'conversation')} only one direction was captured: nothing is said about the other end.`,
};
