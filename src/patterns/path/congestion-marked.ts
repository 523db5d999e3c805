import { countText, timesText } from '../../hosts/wording.js';
import type { Pattern } from '../pattern.js';
import { MARKED } from '../signs.js';

interface Evidence {
  /** Segments of this end that arrived marked, as captured. */
  marks: number;
  /** Segments in which the receiver passed the mark on. */
  echoes: number;
  /** Times that the sender confirmed to have slowed down. */
  reductions: number;
}

/** Told of the sender. */
export const congestionMarked: Pattern<'congestion-marked', Evidence> = {
  id: 'congestion-marked',
  title: 'Congestion marked by the network (ECN)',
  severity: 'note',
  needs: MARKED,
  about: `A router marks packets instead of dropping them, the receiver passes the mark on, and the sender slows down as after a loss: the transfer is slower
    although nothing is missing.`,
  example: `
    0.000 > SEW 1000:1000(0)          win 64240 <mss 1460,sackOK,nop,wscale 7>
    0.010 < SE. 5000:5000(0) ack 1001 win 64240 <mss 1460,sackOK,nop,wscale 7>
    0.010 > .   1001:1001(0) ack 5001 win 502
    0.011 > .   1001:1101(100) ack 5001 win 502 ce             # congestion-marked
    0.021 < E.  5001:5001(0) ack 1101 win 502                # congestion-marked
    0.022 > W.  1101:1201(100) ack 5001 win 502                # congestion-marked
    0.032 < .   5001:5001(0) ack 1201 win 502
  `,
  recognise({ endpoint }, story) {
    const receiver = story.flow.peer(endpoint);
    const marks = endpoint.congestion?.marks ?? 0;
    const echoes = receiver.congestion?.echoes ?? 0;
    if (marks === 0 && echoes === 0) return undefined;
    const frames = [...(endpoint.congestion?.frames ?? []), ...(receiver.congestion?.frames ?? [])].sort((a, b) => a - b);
    return { evidence: { marks, echoes, reductions: endpoint.congestion?.reductions ?? 0 }, moments: [], frames };
  },
  tell: ({ marks, echoes, reductions }) => {
    const slowed = reductions > 0 ? `, and the sender slowed down ${timesText(reductions)}` : '';
    const arrived = marks > 0 ? `${countText(marks, 'segment')} arrived marked, ` : ''; // none does before the queue that marks
    return `${arrived}${countText(echoes, 'ACK')} passed the mark on${slowed}.`;
  },
};
