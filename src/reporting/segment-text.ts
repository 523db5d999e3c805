import { flagLetters } from '../decode/flags.js';
import { distance } from '../decode/sequence.js';
import type { Endpoint } from '../flow/endpoint.js';
import type { Moment } from '../flow/timeline.js';

/** A segment as tcpdump writes it, with sequence numbers relative to the first of each side: "P. 1:101(100) ack 1 win 502". */
export function segmentText(moment: Moment, sender: Endpoint, receiver: Endpoint): string {
  const { flags, seq, ack, length, window, sack } = moment;
  const first = distance(seq, sender.wireshark.baseSeq);
  const isAck = (flags & 0x10) !== 0;
  const isBareReset = (flags & 0x04) !== 0 && seq === 0;
  const parts = [`${flagLetters(flags)} ${isBareReset ? '0:0(0)' : `${first}:${first + length}(${length})`}`];
  if (isAck) parts.push(`ack ${distance(ack, receiver.wireshark.baseSeq)}`);
  parts.push(`win ${scaledWindow(moment, sender)}`);
  if (sack.length > 0) parts.push(`sack ${blocks(sack, receiver)}`);
  return parts.join(' ');

  function scaledWindow({ flags: bits }: Moment, { scaleInUse }: Endpoint): number {
    return bits & 0x02 || scaleInUse < 0 ? window : window << scaleInUse;
  }
}

function blocks(sack: readonly number[], receiver: Endpoint): string {
  const edges = sack.map((edge) => distance(edge, receiver.wireshark.baseSeq));
  return edges.flatMap((edge, i) => (i % 2 === 0 ? [`{${edge}:${edges[i + 1]}}`] : [])).join('');
}
