import type { Hosts } from '../../hosts/hosts.js';
import type { Quality } from '../../hosts/quality.js';
import { countText } from '../../hosts/wording.js';
import type { HostPattern } from '../pattern.js';

interface Evidence {
  /** Packets that are a copy of another one, and how many there are in the same conversations without the copies. */
  copies: number;
  segments: number;
  conversations: number;
}

export const capturedTwice: HostPattern<'captured-twice', Evidence> = {
  id: 'captured-twice',
  title: 'Packets captured more than once',
  severity: 'note',
  about: `The same packet is in the capture again, from another interface or with another TTL: it passed the point of capture twice. Wireshark takes
    the copies for retransmissions and duplicate ACKs; here they are left out of everything that is counted.`,
  example: `
    0.0000 > S  1000:1000(0)          win 64240 <mss 1460> id 7 ttl 64
    0.0001 > S  1000:1000(0)          win 64240 <mss 1460> id 7 ttl 63    # captured-twice
    0.0010 < S. 5000:5000(0) ack 1001 win 64240 <mss 1460> ttl 64
    0.0011 < S. 5000:5000(0) ack 1001 win 64240 <mss 1460> ttl 63    # captured-twice
  `,
  recognise({ quality }: Hosts & { readonly quality: Quality }) {
    const { twice, copies, copiedSegments } = quality;
    if (twice.count === 0) return [];
    const evidence = { copies, segments: copiedSegments, conversations: twice.count };
    return [{ subject: 'the capture', evidence, streams: twice.streams, frames: twice.frames }];
  },
  tell: ({ copies, segments, conversations }) =>
    `${countText(copies, 'copy', 'copies')} of ${countText(segments, 'packet')} in ${countText(conversations, 'conversation')}; they are left out.`,
};
