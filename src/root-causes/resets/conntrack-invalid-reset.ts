import { hostText } from '../../hosts/address.js';
import { durationText } from '../../hosts/wording.js';
import { synStrangelyAnswered } from '../../patterns/connecting/syn-strangely-answered.js';
import { retransmissionTimeout } from '../../patterns/loss/retransmission-timeout.js';
import { segmentsReordered } from '../../patterns/loss/segments-reordered.js';
import { resetAnswered } from '../../patterns/resets/reset-answered.js';
import { straySegmentReset } from '../../patterns/resets/stray-segment-reset.js';
import { type Cause, explain, explainHost } from '../cause.js';
import { lastBefore } from '../clues/origin.js';
import { hasOnlyAnotherPort } from '../clues/stray.js';
import { is } from '../testimony/sign.js';

/** Nanoseconds: an end that spoke so shortly before has not been restarted meanwhile. */
const JUST_NOW = 1e9;
/** Segments with data: a transfer that has been going on for some time. */
const ENOUGH = 32;
/** Nanoseconds: no usual box forgets an open connection sooner. */
const SHORTEST_EXPIRY = 30e9;

export const conntrackInvalidReset: Cause = {
  id: 'conntrack-invalid-reset',
  title: 'Conntrack finds a segment INVALID, NAT leaves it alone, and a host resets the stranger',
  where: 'the path',
  mechanism: `A Linux router that translates addresses tracks the window of each connection. A late, repeated or out-of-window segment is INVALID to
    nf_conntrack_tcp_packet(), and what is INVALID is not translated: it goes on with the address that it came with. The host at the end knows no
    connection with that address, so tcp_v4_send_reset() answers with a reset, and that one reaches the real socket of the other end and kills a
    healthy connection. It is known from Kubernetes services, where long transfers break at random. Since 6.1 conntrack leaves segments that are
    merely late alone, which takes away the most frequent reason.`,
  explains: [
    explainHost(straySegmentReset, (stray) => {
      const { alias, echoes, wasOutside, pause } = stray;
      if (hasOnlyAnotherPort(stray)) return undefined; // it was translated, in another way
      const because = [
        echoes
          ? `the segment from ${alias} acknowledges what was sent on that connection, and echoes its timestamps`
          : `the segment from ${alias} acknowledges what was sent on that connection`,
        'the end that reset it has no connection with that address: it was to be translated on the way',
      ];
      if (wasOutside) because.push('it lies beyond the window, which is INVALID to conntrack');
      const isIdle = pause > SHORTEST_EXPIRY;
      const against = isIdle ? [`the connection had been silent for ${durationText(pause)}: its entry may have expired`] : [];
      return { certainty: isIdle ? 'possible' : 'likely', because, against };
    }),
    explain(
      resetAnswered,
      ({ pauseBefore, trigger, wasNeverAccepted, hadReset, hadGivenUp, wasStalled, wasOutside }, { part, peer, story, alsoShows }) => {
        const isOther = wasNeverAccepted || hadReset || hadGivenUp || wasStalled || pauseBefore > 0 || alsoShows(synStrangelyAnswered) !== undefined;
        const reset = part.resets[0];
        if (isOther || trigger === 'keep-alive' || reset === undefined || story.client.syns.length === 0) return undefined;
        const transferred = peer.endpoint.dataSegments + part.endpoint.dataSegments;
        const last = lastBefore(reset, part);
        const wasAlive = last !== undefined && reset.time - last.time < JUST_NOW;
        if (!wasAlive || transferred < ENOUGH) return undefined;
        const because = [
          `the end that does not know the connection had taken part in it ${durationText(reset.time - last.time)} before`,
          `it was in the middle of a transfer, after ${transferred} segments with data`,
        ];
        if (alsoShows(retransmissionTimeout) !== undefined || alsoShows(segmentsReordered) !== undefined)
          because.push('segments were repeated or late before, which is what conntrack takes offence at');
        if (wasOutside) because.push('the segment before the reset lies outside the window, which is INVALID to conntrack');
        const against = [
          `the segment with the wrong address is not in this conversation: look for another one of ${hostText(part.endpoint)} with the same ports`,
        ];
        return { certainty: 'possible', because, against };
      },
    ),
  ],
  sysctls: [
    'net.netfilter.nf_conntrack_tcp_be_liberal',
    'net.netfilter.nf_conntrack_tcp_ignore_invalid_rst',
    'net.netfilter.nf_conntrack_log_invalid',
  ],
  counters: ['TcpOutRsts', 'TcpEstabResets'],
  dropReasons: ['NO_SOCKET', 'NETFILTER_DROP'],
  resetReasons: ['NO_SOCKET'],
  facts: [
    { raises: ['TcpOutRsts'] },
    { at: 'the path', needs: { 'net.netfilter.nf_conntrack_tcp_be_liberal': is('0') }, log: /nf_ct_proto_6: .*(SEQ|ACK|invalid|out of)/ },
  ],
  confirm: [
    { run: 'conntrack -S', expect: 'on the translating host, twice: invalid= rises at the time of the reset' },
    {
      run: 'sysctl -w net.netfilter.nf_conntrack_log_invalid=6; dmesg -wT',
      expect: 'for a while, on the translating host: logs each INVALID TCP segment with the reason, for example "out of window"',
    },
    {
      run: "tcpdump -ni any 'port PORT and tcp[tcpflags] & tcp-rst != 0'",
      expect:
        'at the end that resets: the segment before the reset carries an address that the connection does not have, that of a backend or of a pod',
    },
  ],
  remedy: [
    'Drop it before it gets out: nft add rule … ct state invalid drop, in the forward chain of the translating host (kube-proxy does since 1.15).',
    'net.netfilter.nf_conntrack_tcp_be_liberal = 1 there: only resets outside the window are INVALID then.',
    'Upgrade that host to 6.1 or later.',
  ],
  avoid: [
    'Switching off conntrack for translated connections: without it there is no translation.',
    'Blaming the application that got "connection reset by peer": neither end has ended the connection.',
  ],
  mimics: [
    { cause: 'stale-connection-reset-after-peer-reboot', tell: 'there the end that resets had been silent, and was restarted' },
    { cause: 'injected-rst', tell: 'there TTL or IP ID are not those of the end' },
    { cause: 'middlebox-idle-expiry', tell: 'there a long pause comes first' },
  ],
  sources: [
    'Documentation/networking/nf_conntrack-sysctl.rst: nf_conntrack_tcp_be_liberal, nf_conntrack_tcp_ignore_invalid_rst, nf_conntrack_log_invalid',
    'net/netfilter/nf_conntrack_proto_tcp.c: nf_conntrack_tcp_packet, tcp_in_window',
    'net/ipv4/tcp_ipv4.c: tcp_v4_send_reset',
  ],
  capture: 'path/reset-because-conntrack-finds-segment-invalid',
};
