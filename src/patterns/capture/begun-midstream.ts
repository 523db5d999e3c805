import type { Hosts } from '../../hosts/hosts.js';
import type { Quality } from '../../hosts/quality.js';
import { capitalized, shareText } from '../../hosts/wording.js';
import type { HostPattern } from '../pattern.js';

interface Evidence {
  /** Conversations without a handshake in the capture, of all. */
  midstream: number;
  conversations: number;
  /** Bytes that were acknowledged but not captured, in whatever conversation: the capture loses packets. */
  missedBytes: number;
}

export const begunMidstream: HostPattern<'begun-midstream', Evidence> = {
  id: 'begun-midstream',
  title: 'Conversations begun before the capture',
  severity: 'note',
  about: `The handshake is not in the capture, and with it everything that only a SYN says: who is the client, the MSS, SACK, timestamps, and the
    scale of the windows. A window of 63 may mean 63 bytes or 64 KB, so nothing is said about small windows here.`,
  example: `
    0.000 > P. 1000:1100(100) ack 5000 win 63    # begun-midstream
    0.010 < .  5000:5000(0)   ack 1100 win 70
  `,
  recognise({ quality }: Hosts & { readonly quality: Quality }) {
    const { midstream, flows, missedBytes } = quality;
    if (midstream.count === 0) return [];
    const evidence = { midstream: midstream.count, conversations: flows, missedBytes };
    return [{ subject: 'the capture', evidence, streams: midstream.streams, frames: midstream.frames }];
  },
  tell: ({ midstream, conversations }) =>
    `${capitalized(shareText(midstream, conversations, 'conversation'))} began before the capture: window scale and options are unknown.`,
};
