import { durationText } from '../../hosts/wording.js';
import { synStrangelyAnswered } from '../../patterns/connecting/syn-strangely-answered.js';
import type { EvidenceOf } from '../../patterns/pattern.js';
import { type Cause, type Certainty, explain } from '../cause.js';
import { isLive, type OldConnection, oldConnectionOf } from '../clues/old-connection.js';

export const synOnLiveConnectionChallenged: Cause = {
  id: 'syn-on-live-connection-challenged',
  title: 'SYN for a connection that the server still considers open (challenge ACK)',
  where: 'this end',
  mechanism: `The client has forgotten the old connection: it crashed, its NAT entry expired, or its reset got lost. The server has not: its
    socket is still there, perhaps for hours, because an idle connection sends nothing. tcp_validate_incoming() does not let a SYN kill an open
    connection (RFC 5961, since 3.6) but sends a challenge ACK with the old numbers: "is this you?". The client, in SYN_SENT, resets what it does
    not know; that reset fits exactly and ends the old socket, and the next SYN meets the listener. At most one such ACK goes out per
    net.ipv4.tcp_invalid_ratelimit.`,
  kernels: { since: '3.6' },
  explains: [
    explain(synStrangelyAnswered, (evidence, { story }) => {
      const old = oldConnectionOf(story);
      if (old === undefined || !couldBeFull(evidence)) return undefined;
      const { previous, clientReset, connected, delay } = evidence;
      const wasLive = previous !== undefined && !wasWaiting(evidence) && (isLive(previous.state) || STILL_THERE.includes(previous.state));
      const because = [...signsOfSocket(evidence, old)];
      const against = objections(evidence, old);
      if (previous?.fits) because.push(`it repeats the numbers of stream ${previous.stream}, which had been quiet for ${durationText(previous.age)}`);
      if (previous?.fits && previous.isWhole && !old.wasClosed) because.push('the server had never sent a FIN in it');
      if (wasLive) because.push(`as far as the capture tells, the server had that connection in ${previous.state}`);
      if (clientReset && connected) because.push(`the client's reset ended it: the next SYN was accepted, ${durationText(delay)} after the first`);
      return { certainty: howSure(evidence, old), because, against };
    }),
  ],
  sysctls: ['net.ipv4.tcp_invalid_ratelimit', 'net.ipv4.tcp_challenge_ack_limit', 'net.ipv4.tcp_keepalive_time'],
  counters: ['TcpExtTCPSYNChallenge', 'TcpExtTCPChallengeACK', 'TcpExtTCPACKSkippedChallenge', 'TcpInErrs'],
  dropReasons: ['TCP_INVALID_SYN'],
  resetReasons: ['TCP_INVALID_ACK_SEQUENCE'],
  facts: [{ proof: ['TcpExtTCPSYNChallenge'] }],
  confirm: [
    {
      run: 'nstat -az TcpExtTCPSYNChallenge TcpExtTCPChallengeACK; sleep 10; nstat -z TcpExtTCPSYNChallenge TcpExtTCPChallengeACK',
      expect: 'on the server: both rise by one with each such SYN',
    },
    {
      run: "ss -tanoi 'sport = :PORT and dst CLIENT'",
      expect: 'on the server: the same client port is ESTAB or CLOSE-WAIT, with a long lastrcv, although the client knows nothing of it',
    },
    { run: 'uptime; conntrack -L -d SERVER', expect: 'on the client or its NAT: a restart, or no entry for a connection that the server has' },
  ],
  remedy: [
    "Find out who forgot the connection: a client that died, a NAT or load balancer with a shorter idle time than the application's.",
    'Turn on keep-alive in the server application (SO_KEEPALIVE, TCP_KEEPIDLE), sooner than the NAT forgets: it finds dead peers.',
    "Let the client's reset pass: a firewall that knows no such connection drops it, and the SYNs then loop until the old socket dies.",
  ],
  avoid: [
    'Lowering net.ipv4.tcp_keepalive_time alone: it only counts for sockets that have asked for SO_KEEPALIVE.',
    'Raising net.ipv4.tcp_challenge_ack_limit: one challenge is enough, and since 6.1 there is no such limit by default.',
  ],
  mimics: [
    { cause: 'timewait-syn-challenged', tell: 'there the old connection was closed by the server first, and the IP ID of the ACK is 0' },
    { cause: 'client-rejects-synack-bad-ack', tell: "the client's half of the same story; with an old connection behind the ACK this is the reason" },
    { cause: 'stale-connection-reset-after-peer-reboot', tell: 'the other way round: there the end that forgot receives data, and resets it' },
  ],
  sources: [
    'RFC 5961 section 4',
    'RFC 9293 section 3.5.1',
    'net/ipv4/tcp_input.c: tcp_validate_incoming, tcp_send_challenge_ack',
    'Documentation/networking/ip-sysctl.rst: tcp_challenge_ack_limit',
  ],
  capture: 'handshake/syn-challenged-because-old-connection-lives',
};

type Evidence = EvidenceOf<typeof synStrangelyAnswered>;

/** A request, and a socket that has only shut down its direction. */
const STILL_THERE: readonly string[] = ['SYN_RECV', 'FIN_WAIT2'];

/** What the IP ID of the ACK tells of who has sent it. */
function signsOfSocket({ hasNoIdentity, previous }: Evidence, { countsOn }: OldConnection): string[] {
  const signs = [];
  if (hasNoIdentity === false) signs.push('the ACK has an IP ID: a full socket sent it, not a TIME_WAIT');
  else if (hasNoIdentity && previous?.state === 'SYN_RECV') signs.push('the ACK has IP ID 0, as a request without a socket sends it');
  if (countsOn) signs.push('that ID counts on from the last segment of the old connection');
  return signs;
}

function objections(evidence: Evidence, { countsOn }: OldConnection): string[] {
  const { hasNoIdentity, previous } = evidence;
  const against = [];
  if (hasNoIdentity && previous?.state !== 'SYN_RECV') against.push('the ACK has IP ID 0, as one of a TIME_WAIT');
  if (countsOn === false) against.push('its IP ID does not continue that of the old connection');
  if (previous === undefined) return [...against, 'the old connection is not in the capture'];
  if (!previous.isWhole) against.push('the old connection had begun before the capture, and may have been closed there');
  if (wasWaiting(evidence)) against.push(`as far as the capture tells, the old connection was closed (${previous.state})`);
  return against;
}

/** IP ID 0 means a mini-socket or a request, and over IPv6 nothing tells them apart: then only the old connection itself can. */
function couldBeFull({ kind, hasNoIdentity, previous }: Evidence): boolean {
  if (kind === 'SYN-ACK') return false;
  if (hasNoIdentity === false) return true;
  if (previous === undefined) return hasNoIdentity === undefined;
  return previous.fits && (hasNoIdentity ? isLive(previous.state) || previous.state === 'SYN_RECV' : previous.state !== 'TIME_WAIT');
}

/** A FIN_WAIT2 that close() has left behind is a mini-socket; after shutdown() it is a full one, as an IP ID shows. */
function wasWaiting({ hasNoIdentity, previous }: Evidence): boolean {
  return previous?.state === 'TIME_WAIT' || (previous?.state === 'FIN_WAIT2' && hasNoIdentity !== false);
}

function howSure(evidence: Evidence, { wasClosed }: OldConnection): Certainty {
  const { hasNoIdentity, previous } = evidence;
  if (previous === undefined) return hasNoIdentity === false ? 'likely' : 'possible';
  if (wasWaiting(evidence)) return 'possible';
  if (hasNoIdentity === false) return previous.fits ? 'certain' : 'likely';
  if (!previous.isWhole) return 'possible';
  return hasNoIdentity || wasClosed || previous.state === 'SYN_RECV' ? 'likely' : 'certain';
}
