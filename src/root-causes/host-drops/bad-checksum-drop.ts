import type { Moment } from '../../flow/timeline.js';
import { kindOf, RESENT_TIMEOUT } from '../../flow/verdict.js';
import { countText } from '../../hosts/wording.js';
import { finRepeated } from '../../patterns/closing/fin-repeated.js';
import { synAckRepeated } from '../../patterns/connecting/syn-ack-repeated.js';
import { synRepeated } from '../../patterns/connecting/syn-repeated.js';
import { lossRepaired } from '../../patterns/loss/loss-repaired.js';
import { resentNeedlessly } from '../../patterns/loss/resent-needlessly.js';
import { retransmissionTimeout } from '../../patterns/loss/retransmission-timeout.js';
import { segmentsCorrupted } from '../../patterns/loss/segments-corrupted.js';
import { type Case, type Cause, explain, type Weight } from '../cause.js';
import { damagedBefore, unheardAcks } from '../clues/unheard.js';

export const badChecksumDrop: Cause = {
  id: 'bad-checksum-drop',
  title: 'Damaged segments: the receiver drops them because of the checksum',
  where: 'the path',
  mechanism: `tcp_v4_rcv() and tcp_v6_rcv() verify the checksum over header, data and addresses, unless the network card has done so, and drop
    what does not fit. There is no reset and no duplicate ACK: to the sender it is an ordinary loss, repaired like one. The Ethernet checksum was
    right, or the frame would not be here, so that the segment was changed between two links: in the memory of a switch, router or network card,
    or by a middlebox, tunnel or driver that rewrites a packet and does not correct its checksum. On the sending host itself a wrong checksum is
    normal: the card fills it in later.`,
  explains: [
    explain(segmentsCorrupted, ({ wrong, checked }, given) => {
      const { story, part, peer, alsoShows } = given;
      const isAtReceiver = story.isAt(peer);
      const because = [`${countText(wrong, 'segment')} of ${checked} had a wrong TCP checksum, the others a right one`];
      const against = [];
      if (isAtReceiver) because.push('captured on the way in: no card of the sender will fill it in any more');
      else against.push('not captured at the receiver: on virtual networks a checksum may be filled in behind the point of capture');
      const isRepaired = alsoShows(lossRepaired) !== undefined || alsoShows(retransmissionTimeout) !== undefined;
      const again = damagedBefore(part.moments, given).length;
      if (isRepaired) because.push('data had to be sent again, as after a loss');
      else if (again > 0) because.push(`${again === 1 ? 'what it carried was' : `what ${again} of them carried was`} sent again, as after a loss`);
      else against.push('no data was sent again: the receiver may have accepted it');
      return { certainty: isAtReceiver && (isRepaired || again > 0) ? 'certain' : isAtReceiver ? 'likely' : 'possible', because, against };
    }),
    explain(retransmissionTimeout, ({ resends, needless, listed }, given) =>
      needless >= resends ? weighUnheard(given) : weigh(timeouts(given), listed, given),
    ),
    explain(resentNeedlessly, (_, given) => weighUnheard(given)),
    explain(finRepeated, ({ fins }, given) => weigh(given.part.fins, fins - 1, given)),
    explain(synRepeated, ({ syns }, given) => weigh(given.part.syns, syns - 1, given)),
    explain(synAckRepeated, ({ repeats }, given) => weigh(given.part.syns, repeats, given)),
  ],
  counters: ['TcpInCsumErrors', 'TcpInErrs'],
  dropReasons: ['TCP_CSUM'],
  facts: [{ at: 'the peer', shows: ['TcpInCsumErrors'] }],
  confirm: [
    { run: 'nstat -az TcpInCsumErrors; sleep 60; nstat -z TcpInCsumErrors', expect: 'on the receiver: rises by one with each damaged segment' },
    {
      run: "ethtool -S IF | grep -iE 'crc|csum|err'",
      expect: 'rx_csum errors of the card rise too; rx_crc_errors would be the cable instead, and never get this far',
    },
    {
      run: "tcpdump -nvvi IF 'tcp and host SENDER' | grep incorrect",
      expect: 'on the receiver: the same segments, always at the same bits or of the same length',
    },
  ],
  remedy: [
    'Capture hop by hop, find where the segment is still whole, and replace or update what lies behind: switch, line card, tunnel, virtual switch.',
    'If all come from one sender through a tunnel: switch off checksum offload there (ethtool -K IF tx off), and update its driver.',
    'Use TLS or another end-to-end check: where some damage is caught by 16 bits, about one in 65536 is not.',
  ],
  avoid: [
    'Switching off the verification (ethtool -K IF rx off does not, net.netfilter.nf_conntrack_checksum = 0 only hides it): the data is wrong.',
    'Believing "incorrect" that tcpdump prints for segments that leave: with offload all of them are, and nothing is wrong.',
  ],
  mimics: [
    { cause: 'capture-offload-artefact', tell: 'there the wrong checksums are on segments that leave the capturing host' },
    { cause: 'sack-fast-recovery-loss', tell: 'there the segment does not arrive at all' },
  ],
  sources: ['RFC 9293 section 3.1', 'net/ipv4/tcp_ipv4.c: tcp_v4_rcv', 'Documentation/networking/checksum-offloads.rst'],
  capture: 'path/segment-corrupted',
};

function timeouts({ part }: Case): Moment[] {
  return part.moments.filter(({ verdict }) => kindOf(verdict) === RESENT_TIMEOUT);
}

/** Of what was sent again, `repeats` times. */
function weigh(again: readonly Moment[], repeats: number, given: Case): Weight | undefined {
  const damaged = damagedBefore(again, given).length;
  if (damaged === 0) return undefined;
  const which = damaged === repeats ? '' : ` before ${damaged} of the ${countText(repeats, 'repetition')}`;
  const because = [`the earlier copy${which} did arrive, with a wrong checksum: TCP drops it in silence`];
  return { certainty: damaged >= repeats ? 'certain' : 'likely', because };
}

/** The acknowledgments that this end was waiting for came to its host, some of them damaged. */
function weighUnheard({ story, part, peer }: Case): Weight | undefined {
  const unheard = unheardAcks(story, part).length;
  const { badChecksums } = peer.endpoint;
  if (unheard === 0 || badChecksums === 0) return undefined;
  const because = [
    `${countText(unheard, 'segment')} sent again after the acknowledgment had come to the host, where this was captured`,
    `${countText(badChecksums, 'segment')} that came had a wrong checksum: TCP drops those in silence`,
  ];
  return { certainty: 'likely', because };
}
