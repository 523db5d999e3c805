import type { Hosts } from '../../hosts/hosts.js';
import { bytesText, countText } from '../../hosts/wording.js';
import type { HostPattern } from '../pattern.js';

interface Evidence {
  /** Conversations, seen from their start, with bytes that were acknowledged but not captured; and these bytes. */
  conversations: number;
  missedBytes: number;
  /** All conversations. */
  all: number;
  /** Packets that the capturing host says it dropped. */
  dropped: number;
}

export const packetsMissed: HostPattern<'packets-missed', Evidence> = {
  id: 'packets-missed',
  title: 'Packets that arrived are missing from the capture',
  severity: 'note',
  about: `A receiver acknowledges bytes that the capture does not hold: they did arrive, and only the capture lost them. Whatever else looks lost here may
    be missing for the same reason.`,
  example: `
    0.000 > S  1000:1000(0)           win 64240 <mss 1460>
    0.010 < S. 5000:5000(0) ack 1001  win 64240 <mss 1460>
    0.010 > .  1001:1001(0) ack 5001  win 64240
    0.020 > P. 1001:2001(1000) ack 5001 win 64240
    0.020 > P. 3001:4001(1000) ack 5001 win 64240    # packets-missed
    0.030 < .  5001:5001(0) ack 4001  win 64240
  `,
  recognise({ quality }: Hosts) {
    const { missed, missedBytes, flows, reportedDrops } = quality;
    if (missed.count === 0 && reportedDrops === 0) return [];
    const evidence = { conversations: missed.count, missedBytes, all: flows, dropped: reportedDrops };
    return [{ subject: 'the capture', evidence, streams: missed.streams, frames: missed.frames }];
  },
  tell: ({ conversations, missedBytes, dropped }) => {
    const lacking =
      conversations > 0 ? [`${bytesText(missedBytes)} of ${countText(conversations, 'conversation')} were acknowledged but not captured`] : [];
    const counted = dropped > 0 ? [`the capturing host counted ${countText(dropped, 'dropped packet')}`] : [];
    return `${[...lacking, ...counted].join('; ').replace(/^t/, 'T')}.`;
  },
};
