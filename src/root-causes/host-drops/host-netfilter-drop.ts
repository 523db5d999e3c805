import { RESENT_TIMEOUT } from '../../flow/verdict.js';
import { countText, durationText } from '../../hosts/wording.js';
import { synAckRepeated } from '../../patterns/connecting/syn-ack-repeated.js';
import { synUnanswered } from '../../patterns/connecting/syn-unanswered.js';
import { resentNeedlessly } from '../../patterns/loss/resent-needlessly.js';
import { retransmissionTimeout } from '../../patterns/loss/retransmission-timeout.js';
import { type Case, type Cause, explain, type Weight } from '../cause.js';
import { queuesDuring } from '../clues/queues.js';
import { droppedOnArrival } from '../clues/resends.js';
import { arrivalOf, doubtOfArrival, persistenceOf, silenceOf, stampReason } from '../clues/silence.js';
import { damagedBefore, isDeaf, unheardAcks } from '../clues/unheard.js';

export const hostNetfilterDrop: Cause = {
  id: 'host-netfilter-drop',
  title: 'A packet filter on the receiving host drops in silence',
  where: 'the peer',
  mechanism: `Packets reach tcpdump before the packet filter of the host: a rule in PREROUTING or INPUT (nft, iptables, firewalld, a security
    agent) that says "drop" removes what the capture has just shown, and TCP never sees it. nf_hook_slow() frees it and sends nothing; no counter
    of TCP moves. On the way out it is the other way round: an answer that the OUTPUT chain drops never appears in the host's own capture. Rules
    by port or by source keep dropping for ever, rules with a limit (hashlimit, connlimit, ct count) only above a rate.`,
  explains: [
    explain(synUnanswered, ({ syns }, given) => {
      const silence = silenceOf(given);
      const because = ['neither a reset nor an ICMP error came back, as from a rule that says "drop"', ...arrivalOf(silence)];
      const against = [...doubtOfArrival(silence, given), ...stampReason(silence)];
      because.push(...persistenceOf(silence, syns));
      if (silence.answeredHere > 0)
        against.push(
          `the same listener answered ${countText(silence.answeredHere, 'other SYN')} from that address: only a rule with a limit lets some through`,
        );
      return { certainty: 'possible', because, against };
    }),
    explain(synAckRepeated, ({ wasAcknowledged, end }, given) => {
      const { story, part } = given;
      const [first] = story.server.syns;
      if (!wasAcknowledged || end === 'completed' || first === undefined || !story.isAt(part)) return undefined;
      const others = queuesDuring(given, first.time, story.flow.lastTime);
      if (others.accepted + others.quiet + others.unanswered > 0) return undefined;
      const because = ['the client had acknowledged in a capture made at the server, before the packet filter of that host'];
      if (others.ignored > 0) because.push(`${countText(others.ignored, 'other handshake')} with the same port fared the same, and none came about`);
      const against = ['a rule that lets SYNs in and drops what follows is unusual'];
      return { certainty: 'possible', where: 'this end', because, against };
    }),
    explain(resentNeedlessly, (_, given) => weighUnheard(given)),
    explain(retransmissionTimeout, (evidence, given) => {
      const { recovered, peerWasHeard, endedByReset, resends, needless, listed, lasted } = evidence;
      const { story, part, peer } = given;
      if (needless >= resends) return weighUnheard(given);
      const hasSpoken = peer.endpoint.segments > peer.endpoint.syns + peer.resets.length;
      if (!story.isAt(peer) || !hasSpoken || endedByReset || resends < 2) return undefined;
      if (damagedBefore(part.moments, given).length >= listed) return undefined;
      const arrived = `${countText(resends, 'repetition')} in ${durationText(lasted)} arrived at the receiving host, where this was captured`;
      if (isDeaf(story, peer)) return { certainty: 'likely', because: [arrived, DEAF] };
      if (recovered) return weighEpisode(arrived, given);
      if (peerWasHeard) return undefined;
      const because = [arrived, 'the receiver acknowledged none of them, and sent nothing else either'];
      const against = ['the connection had worked before: a rule must have come up meanwhile, or no longer know the connection'];
      if (part.damaged > 0) against.push('segments with a wrong checksum arrived: TCP itself drops those');
      return { certainty: 'possible', because, against };
    }),
  ],
  dropReasons: ['NETFILTER_DROP'],
  confirm: [
    {
      run: 'nft list ruleset -a; iptables-save -c; ip6tables-save -c',
      expect: 'on the receiving host: a drop rule or policy whose counter rises while the packets come',
    },
    {
      run: "nft 'table inet t { chain p { type filter hook prerouting priority -350; tcp dport PORT meta nftrace set 1; }; }'; nft monitor trace",
      expect: 'the verdict "drop" and the rule that gave it; afterwards: nft delete table inet t',
    },
    { run: "perf trace -e skb:kfree_skb --filter 'reason > 2'", expect: 'NETFILTER_DROP (5.17 and later)' },
    { run: 'nstat; sleep 10; nstat', expect: 'neither TcpPassiveOpens nor TcpExtListenDrops moves with the SYNs: TCP has not seen them' },
  ],
  remedy: [
    'Allow the port, or the source, in the chain that drops, before the rule that does; make it last across reboots.',
    'Let the filter reject with a reset inside of your own network: a wrong rule then shows at once, instead of after two minutes.',
  ],
  avoid: [
    'Flushing all rules for a test (nft flush ruleset, iptables -F with a policy of drop): it can lock you out, and takes NAT and containers down.',
    'Trusting tcpdump on the host: it stands before the filter on the way in, and behind it on the way out.',
  ],
  mimics: [
    { cause: 'rp-filter-drop', tell: 'there TcpExtIPReversePathFilter rises' },
    { cause: 'no-return-route-synack', tell: 'there IpOutNoRoutes and TcpExtListenDrops rise' },
    { cause: 'syn-dropped-accept-queue-full', tell: 'there TcpExtListenOverflows rises, and some of the SYNs get through' },
    { cause: 'conntrack-table-full', tell: 'there dmesg says "nf_conntrack: table full", and it hits all ports' },
    { cause: 'syn-unanswered-blackhole', tell: "there the SYN is not in the receiving host's own capture" },
  ],
  sources: ['net/netfilter/core.c: nf_hook_slow', 'net/packet/af_packet.c: tpacket_rcv', 'nft(8): reject, meta nftrace'],
  capture: 'handshake/syn-unanswered-until-timeout',
};

const DEAF = 'the receiver took none of them, and repeats its own data although the acknowledgment had come to the same host';

/** The acknowledgments that this end was waiting for are in the capture that was made on it. */
function weighUnheard({ story, part, peer }: Case): Weight | undefined {
  const unheard = unheardAcks(story, part).length;
  if (unheard === 0) return undefined;
  const because = [`${countText(unheard, 'segment')} sent again after the acknowledgment had come to the host, where this was captured`];
  const against = peer.damaged > 0 ? ['segments with a wrong checksum arrived: TCP itself drops those'] : [];
  if (isDeaf(story, part)) because.push('nor did it take what the other end has sent again');
  else against.push('it heard the other end later: what came meanwhile may have been lost between the point of capture and the host');
  return { certainty: against.length > 0 ? 'possible' : 'likely', where: 'this end', because, against };
}

/** For a while everything that arrived met silence. */
function weighEpisode(arrived: string, given: Case): Weight | undefined {
  const { part, peer } = given;
  const dropped = droppedOnArrival(given, RESENT_TIMEOUT);
  const [first] = dropped;
  const isSilent = first !== undefined && !peer.moments.some(({ time }) => time > (first.earlier?.time ?? 0) && time < (dropped.at(-1)?.time ?? 0));
  if (!isSilent || dropped.length < 2 || part.damaged > 0) return undefined;
  const because = [arrived, 'until the last of them the receiver said nothing at all'];
  return { certainty: 'possible', because, against: ['in the end one was taken: the rule would have been changed, or have a limit'] };
}
