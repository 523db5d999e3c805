import { durationText } from '../../hosts/wording.js';
import { retransmissionTimeout } from '../../patterns/loss/retransmission-timeout.js';
import { resetAnswered } from '../../patterns/resets/reset-answered.js';
import { straySegmentReset } from '../../patterns/resets/stray-segment-reset.js';
import { resetForm } from '../../patterns/story.js';
import { type Case, type Cause, explain, explainHost } from '../cause.js';
import { originOf } from '../clues/origin.js';
import { isDisturbed } from '../clues/resends.js';
import { hasOnlyAnotherPort } from '../clues/stray.js';
import { atMost, type Sign } from '../testimony/sign.js';

/** Nanoseconds: no usual box forgets an established connection sooner. */
const SHORTEST_EXPIRY = 55e9;
/** The timeouts that such boxes come with, in seconds. */
const USUAL: readonly { seconds: number; of: string }[] = [
  { seconds: 60, of: 'many load balancers and proxies' },
  { seconds: 240, of: 'the load balancers of Azure' },
  { seconds: 300, of: 'many home routers and small firewalls' },
  { seconds: 350, of: 'network load balancers and NAT gateways of AWS' },
  { seconds: 600, of: 'the firewall of Google Cloud' },
  { seconds: 900, of: 'IPVS' },
  { seconds: 1800, of: 'some firewalls' },
  { seconds: 3600, of: 'many firewalls' },
  { seconds: 7440, of: 'boxes that follow RFC 5382' },
];

export const middleboxIdleExpiry: Cause = {
  id: 'middlebox-idle-expiry',
  title: 'A NAT, firewall or load balancer forgot the idle connection',
  where: 'the path',
  mechanism: `A box with state forgets a connection that has been silent for longer than its timeout, and tells neither end. The next segment finds no
    entry: it is dropped, or answered with a reset, and the other end never sees it. The application learns of it after 15 minutes
    (net.ipv4.tcp_retries2) or at once. Linux as such a box keeps an established connection for 5 days (nf_conntrack_tcp_timeout_established), and
    takes up unknown ones in mid-stream unless nf_conntrack_tcp_loose is 0 or an address would have to be translated; 300 s are left when data stays
    unacknowledged. Others use 60 s to an hour.`,
  explains: [
    explainHost(straySegmentReset, (stray) => {
      if (!hasOnlyAnotherPort(stray)) return undefined;
      const because = [
        `the segment came from ${stray.alias} instead of ${stray.peer}, the same address with another port`,
        'so it was translated anew: the box before that address no longer knew the connection',
      ];
      if (stray.pause > 0) because.push(`the connection had been silent for ${durationText(stray.pause)}`);
      return { certainty: 'likely', because };
    }),
    explain(retransmissionTimeout, ({ pauseBefore, recovered, peerWasHeard, endedByReset, resends }, given) => {
      if (pauseBefore === 0 || recovered || peerWasHeard || endedByReset || isDisturbed(given) || given.story.isAt(given.peer)) return undefined;
      const because = [
        `the connection had worked and then been silent for ${durationText(pauseBefore)}`,
        `from the first segment after that pause on nothing was answered any more (${resends} repetitions)`,
      ];
      const isLong = pauseBefore >= SHORTEST_EXPIRY;
      const usual = isLong ? usualFor(pauseBefore) : undefined;
      if (usual !== undefined) because.push(`the pause is longer than ${usual.seconds} s, the timeout of ${usual.of}`);
      const others = connectedMeanwhile(given);
      if (others > 0)
        because.push(`${others} new ${others === 1 ? 'connection' : 'connections'} to the same server worked meanwhile: the path is not broken`);
      const against: string[] = [];
      if (!isLong) against.push('a pause of that length is shorter than the timeout of any usual box');
      if (others === 0) against.push('that the path or the server failed during the pause would look the same');
      return { certainty: isLong || others > 0 ? 'likely' : 'possible', because, against, facts: [expiryWithin(pauseBefore)] };
    }),
    explain(resetAnswered, ({ pauseBefore, trigger, delay }, { part, story, looks }) => {
      const reset = part.resets.find((one) => resetForm(one, part) === 'answer');
      if (pauseBefore < SHORTEST_EXPIRY || reset === undefined) return undefined;
      const because = [`the connection had been silent for ${durationText(pauseBefore)} before the ${trigger} that was answered with the reset`];
      const usual = usualFor(pauseBefore);
      if (usual !== undefined) because.push(`that is longer than ${usual.seconds} s, the timeout of ${usual.of}`);
      const { signs } = originOf(reset, part, looks(part).isLinux);
      because.push(...signs);
      const against: string[] = [];
      if (story.isAt(part)) against.push('the reset is in a capture made at the end that sent it: that host lost the connection itself');
      else if (signs.length === 0) against.push('the reset looks as if that end had sent it: it may have lost the connection itself');
      const isQuick = part.delay > 0 && delay < part.delay;
      if (isQuick) because.push(`it came after ${durationText(delay)}, sooner than that end can answer`);
      return { certainty: signs.length > 0 || isQuick ? 'likely' : 'possible', because, against, facts: [expiryWithin(pauseBefore)] };
    }),
  ],
  sysctls: [
    'net.netfilter.nf_conntrack_tcp_timeout_established',
    'net.netfilter.nf_conntrack_tcp_timeout_unacknowledged',
    'net.netfilter.nf_conntrack_tcp_timeout_max_retrans',
    'net.netfilter.nf_conntrack_tcp_loose',
    'net.ipv4.tcp_keepalive_time',
    'net.ipv4.tcp_retries2',
  ],
  counters: ['TcpExtTCPTimeouts', 'TcpExtTCPAbortOnTimeout'],
  dropReasons: ['NETFILTER_DROP'],
  confirm: [
    {
      run: "tcpdump -ni any 'host PEER and port PORT'",
      expect: 'on both hosts: the segment after the pause leaves one and does not come to the other',
    },
    { run: "ss -tno 'dst PEER'", expect: 'on both hosts: the connection is ESTAB at both ends, and only the one that sent has unacknowledged data' },
    {
      run: 'conntrack -L -p tcp --orig-src CLIENT --dport PORT; conntrack -E -p tcp -e DESTROY --dport PORT',
      expect: 'on a Linux box in between: the entry is gone, or one sees it go after its timeout',
    },
    { run: '(sleep N; echo) | nc -v SERVER PORT', expect: 'with growing N: works below the timeout of the box, and hangs or is reset above it' },
  ],
  remedy: [
    'Keep the connection alive: a heartbeat of the application, or SO_KEEPALIVE with TCP_KEEPIDLE at half of that timeout (default: 7200 s).',
    'Let connection pools close idle connections before the box does.',
    'Raise the timeout of the box, or let it reset connections that it forgets ("TCP reset on timeout"), so that clients learn of it at once.',
    'Set TCP_USER_TIMEOUT, so that it is noticed within seconds instead of 15 minutes.',
  ],
  avoid: [
    'nf_conntrack_tcp_timeout_established = 180 or the like, as old guides advise: it makes a Linux box do exactly this.',
    'Lowering net.ipv4.tcp_keepalive_time alone: it does nothing for sockets that have not set SO_KEEPALIVE.',
    'Lowering net.ipv4.tcp_retries2: the connection dies sooner, and all others of the host with it at the next outage.',
  ],
  mimics: [
    { cause: 'rto-backoff-path-loss', tell: 'there the path is broken for new connections as well' },
    { cause: 'stale-connection-reset-after-peer-reboot', tell: 'there the other host has lost the connection: ss does not show it there' },
    { cause: 'conntrack-table-full', tell: 'there connections that are open go on, and new ones fail' },
    { cause: 'data-timeout-silent-abort', tell: 'how it ends when the box only drops' },
  ],
  sources: [
    'RFC 5382 section 5',
    'Documentation/networking/nf_conntrack-sysctl.rst: nf_conntrack_tcp_timeout_established, nf_conntrack_tcp_loose',
    'net/netfilter/nf_conntrack_proto_tcp.c: tcp_new, nf_conntrack_tcp_packet',
  ],
  capture: 'path/data-dropped-because-conntrack-forgot',
};

/** The longest of the usual timeouts that the pause exceeds. */
function usualFor(pause: number): { seconds: number; of: string } | undefined {
  return USUAL.findLast(({ seconds }) => pause >= seconds * 1e9);
}

/** Other connections to the same listener that were begun while this one was ignored, and were accepted. */
function connectedMeanwhile({ story, hosts, part }: Case): number {
  const from = part.endpoint.sndUnaTime;
  const accepted = hosts.listeners.called(story.serverSocket).during(from, story.end, 'accepted');
  const ignoredFrom = part.moments.find(({ earlier, time }) => earlier !== undefined && time > from)?.earlier?.time ?? from;
  return accepted.filter((one) => one.stream !== story.flow.stream && one.from > ignoredFrom).length;
}

/** What the box on the path must be set to for having forgotten a connection after a pause, in nanoseconds. */
function expiryWithin(pause: number): Sign {
  return { at: 'the path', needs: { 'net.netfilter.nf_conntrack_tcp_timeout_established': atMost(Math.ceil(pause / 1e9)) } };
}
