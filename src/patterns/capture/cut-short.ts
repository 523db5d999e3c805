import type { Hosts } from '../../hosts/hosts.js';
import { bytesText, countText } from '../../hosts/wording.js';
import type { HostPattern } from '../pattern.js';

interface Evidence {
  /** Packets without all of their TCP options, and those without even the TCP header. */
  withoutOptions: number;
  withoutHeader: number;
  /** Bytes of the longest of them that were kept. */
  longest: number;
}

export const cutShort: HostPattern<'cut-short', Evidence> = {
  id: 'cut-short',
  title: 'Packets cut before their headers end',
  severity: 'note',
  about: `The capture kept only the first bytes of each packet (its snaplen), and that was too little for the headers: timestamps, SACK blocks or the
    window scale are missing here although they were on the wire, or the packet cannot be told from any other.`,
  example: `
    0.000 > S  1000:1000(0)              win 64240 <mss 1460,sackOK,TS val 1 ecr 0,nop,wscale 7> keep 54    # cut-short
    0.010 < S. 5000:5000(0)     ack 1001 win 64240 <mss 1460,sackOK,TS val 9 ecr 1,nop,wscale 7> keep 54    # cut-short
    0.010 > .  1001:1001(0)     ack 5001 win 502   <nop,nop,TS val 2 ecr 9> keep 40                         # cut-short
  `,
  recognise({ quality: { cut } }: Hosts) {
    const { withoutOptions, withoutHeader, longest, frames } = cut;
    if (withoutOptions + withoutHeader === 0) return [];
    return [{ subject: 'the capture', evidence: { withoutOptions, withoutHeader, longest }, streams: [], frames }];
  },
  tell: ({ withoutOptions, withoutHeader, longest }) => {
    const options = withoutOptions > 0 ? [`${countText(withoutOptions, 'packet')} cut inside the TCP options`] : [];
    const header = withoutHeader > 0 ? [`${countText(withoutHeader, 'packet')} cut before the TCP header ends`] : [];
    return `${[...options, ...header].join(', ').replace(/^./, (first) => first.toUpperCase())}: at most ${bytesText(longest)} of each were kept.`;
  },
};
