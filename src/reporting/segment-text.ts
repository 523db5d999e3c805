import { ACK, flagLetters, RST, SYN } from '../decode/flags.js';
import { distance } from '../decode/sequence.js';
import type { Endpoint } from '../flow/endpoint.js';
import type { Moment } from '../flow/timeline.js';

/** A segment as tcpdump writes it, with sequence numbers relative to the first of each side: "P. 1:101(100) ack 1 win 502". */
export function segmentText(moment: Moment, sender: Endpoint, receiver: Endpoint): string {
  const { flags, seq, ack, length, window, sack } = moment;
  const first = distance(seq, sender.wireshark.baseSeq);
  const isBareReset = (flags & RST) !== 0 && seq === 0;
  const bytes = isBareReset ? '0:0(0)' : `${first}:${first + length}(${length})`;
  const acknowledged = flags & ACK ? ` ack ${distance(ack, receiver.wireshark.baseSeq)}` : '';
  const room = flags & SYN || sender.scaleInUse < 0 ? window : window << sender.scaleInUse;
  const blocks = sack.length > 0 ? ` sack ${blocksText(sack, receiver)}` : '';
  return `${flagLetters(flags)} ${bytes}${acknowledged} win ${room}${blocks}`;
}

function blocksText(sack: readonly number[], receiver: Endpoint): string {
  const edges = sack.map((edge) => distance(edge, receiver.wireshark.baseSeq));
  return edges.flatMap((edge, i) => (i % 2 === 0 ? [`{${edge}:${edges[i + 1]}}`] : [])).join('');
}
