import type { Hosts } from '../../hosts/hosts.js';
import type { Quality } from '../../hosts/quality.js';
import { capitalized, shareText } from '../../hosts/wording.js';
import type { HostPattern } from '../pattern.js';

interface Evidence {
  /** Conversations that were open and healthy at their last segment, of all. */
  open: number;
  conversations: number;
  /** Of these, with data under way that nobody had acknowledged yet. */
  withDataUnderWay: number;
}

export const endedEarly: HostPattern<'ended-early', Evidence> = {
  id: 'ended-early',
  title: 'Conversations still open when the capture ended',
  severity: 'note',
  about: `Both ends were answering each other, and nobody had closed or reset the conversation when the capture ended. How it went on is unknown:
    that there is no FIN is neither a leak nor a hang.`,
  example: `
    0.000 > P. 1000:1100(100) ack 5000 win 500
    0.010 < .  5000:5000(0)   ack 1100 win 500
    0.020 < P. 5000:5600(600) ack 1100 win 500    # ended-early
  `,
  recognise({ quality }: Hosts & { readonly quality: Quality }) {
    const { open, withDataUnderWay } = quality.openAtEnd();
    if (open.count === 0) return [];
    const evidence = { open: open.count, conversations: quality.flows, withDataUnderWay };
    return [{ subject: 'the capture', evidence, streams: open.streams, frames: open.frames }];
  },
  tell: ({ open, conversations, withDataUnderWay }) => {
    const underWay = open > 1 ? `${withDataUnderWay} of them with` : withDataUnderWay > 0 ? 'with' : 'without';
    return `${capitalized(shareText(open, conversations, 'conversation'))} had not ended when the capture did, ${underWay} data under way.`;
  },
};
