import type { Hosts } from '../../hosts/hosts.js';
import type { Quality } from '../../hosts/quality.js';
import { bytesText, countText } from '../../hosts/wording.js';
import type { HostPattern } from '../pattern.js';

interface Evidence {
  /** Conversations with payloads above the MSS: how many, the largest payload, and the MSS that it exceeds; bytes. */
  oversized: number;
  largest: number;
  mss: number;
  /** Conversations with an end whose checksums are nearly all wrong although its segments were acknowledged; and with two such ends. */
  unsummed: number;
  unsummedBothWays: number;
}

export const offloadSegments: HostPattern<'offload-segments', Evidence> = {
  id: 'offload-segments',
  title: 'Segments as the network card was to finish them',
  severity: 'note',
  about: `Segments larger than the MSS, or with checksums that are wrong and yet acknowledged: they were captured on a host that leaves cutting,
    joining and summing to its network card. On the wire they looked otherwise, so nothing is said about sizes and damage here.`,
  example: `
    0.000 > S  1000:1000(0)              win 64240 <mss 1460,sackOK,nop,wscale 7>
    0.010 < S. 5000:5000(0)     ack 1001 win 64240 <mss 1460,sackOK,nop,wscale 7>
    0.010 > .  1001:1001(0)     ack 5001 win 502
    0.011 > P. 1001:8301(7300)  ack 5001 win 502    # offload-segments
    0.021 < .  5001:5001(0)     ack 8301 win 502
  `,
  recognise({ quality }: Hosts & { readonly quality: Quality }) {
    const { oversized, unsummed, unsummedBothWays, largest, largestAllowed } = quality;
    if (oversized.count === 0 && unsummed.count === 0) return [];
    const evidence = { oversized: oversized.count, largest, mss: largestAllowed, unsummed: unsummed.count, unsummedBothWays };
    const streams = [...new Set([...oversized.streams, ...unsummed.streams])].sort((a, b) => a - b);
    const frames = [...new Set([...oversized.frames, ...unsummed.frames])].sort((a, b) => a - b);
    return [{ subject: 'the capture', evidence, streams, frames }];
  },
  tell: ({ oversized, largest, mss, unsummed }) => {
    const sizes = oversized > 0 ? [`payloads of up to ${bytesText(largest)} where the MSS is ${mss}`] : [];
    const sums = unsummed > 0 ? [`checksums that are not filled in yet in ${countText(unsummed, 'conversation')}`] : [];
    return `Captured before the network card finished the packets, or after it joined them: ${[...sizes, ...sums].join(', ')}.`;
  },
};
