import { WINDOW_PROBE } from '../../flow/verdict.js';
import { countText, durationText } from '../../hosts/wording.js';
import { zeroWindow } from '../../patterns/pace/zero-window.js';
import type { Part, Story } from '../../patterns/story.js';
import { type Cause, explain, type Weight } from '../cause.js';

export const zeroWindowProbeTimeout: Cause = {
  id: 'zero-window-probe-timeout',
  title: 'Probes of a closed window go unanswered, and the sender gives up in silence',
  where: 'the peer',
  mechanism: `While the peer's window is closed tcp_probe_timer() counts the probes since the last acknowledgment (icsk_probes_out). When there are
    net.ipv4.tcp_retries2 of them, 15, it calls tcp_write_err(): the application gets ETIMEDOUT and no packet is sent, after a quarter to half an
    hour with the defaults. Each answer sets the count back to 0, so a live peer that never opens its window keeps the connection for ever (RFC 1122
    section 4.2.2.17). Two things end it even then: TCP_USER_TIMEOUT, and close(), after which the socket is an orphan and
    net.ipv4.tcp_orphan_retries takes the place of tcp_retries2.`,
  explains: [
    explain(zeroWindow, ({ unanswered, reopened, peerHadGone }, { part, peer, story }) => {
      if (peerHadGone) return goneAfterAnswers(unanswered);
      if (reopened) return undefined;
      return unanswered > 1 && lastInterval(peer) > ONE_ANSWER ? vanished(unanswered, part, peer, story) : stopped(peer, story);
    }),
  ],
  sysctls: ['net.ipv4.tcp_retries2', 'net.ipv4.tcp_orphan_retries'],
  counters: ['TcpExtTCPWinProbe', 'TcpExtTCPAbortOnTimeout'],
  facts: [{ proof: ['TcpExtTCPWinProbe', 'TcpExtTCPAbortOnTimeout', 'TcpEstabResets'], quotes: ['net.ipv4.tcp_retries2'] }],
  confirm: [
    { run: "ss -tno 'dst PEER'", expect: 'on the sender: timer:(persist,TIME,N) with N, the probes without an answer, rising' },
    {
      run: 'nstat -az TcpExtTCPWinProbe TcpExtTCPAbortOnTimeout; sleep 120; nstat -z TcpExtTCPWinProbe TcpExtTCPAbortOnTimeout',
      expect: 'on the sender: probes are sent, and in the end one connection is aborted',
    },
    { run: 'ping -c 3 PEER', expect: 'on the sender: no answer either, when the whole host or the path is gone' },
    { run: 'sysctl net.ipv4.tcp_retries2', expect: 'as many as the unanswered probes in the capture, unless TCP_USER_TIMEOUT came first' },
  ],
  remedy: [
    'Find out why the peer vanished: crash, move to another address, a firewall or NAT entry that expired during the stall.',
    'Find out as well why its window was closed before: the stall comes first, and it hides the loss of the peer.',
    'To notice sooner set TCP_USER_TIMEOUT on the sockets that matter: it limits the stall, answered or not.',
  ],
  avoid: [
    'Lowering net.ipv4.tcp_retries2 for the whole host: it ends ordinary retransmission after short outages as well.',
    'Waiting for a reset: this timeout sends none. The peer learns of it only when it sends something itself.',
  ],
  mimics: [
    { cause: 'receiver-zero-window', tell: 'there the probes are answered to the end, or the window opens' },
    { cause: 'fin-wait1-zero-window-stall', tell: 'there the probes were answered, and the sender had closed: an orphan ends on its own limit' },
    { cause: 'user-timeout-abort', tell: 'ends at a time that the application chose, whether probes are answered or not' },
    { cause: 'data-timeout-silent-abort', tell: 'there the window was open, and data was repeated instead of probes' },
  ],
  sources: [
    'RFC 1122 section 4.2.2.17',
    'RFC 9293 section 3.8.6.1',
    'net/ipv4/tcp_timer.c: tcp_probe_timer, tcp_write_err, tcp_orphan_retries',
    'Documentation/networking/ip-sysctl.rst: tcp_retries2',
  ],
  capture: 'transfer/zero-window-and-peer-vanishes',
};

/** Nothing answers any more. Only the capture at the prober, or between, shows that the probes left and nothing came back. */
function vanished(unanswered: number, part: Part, peer: Part, story: Story): Weight {
  const because = [`the last ${countText(unanswered, 'probe')} had no answer, more than 500 ms apart: the limit on answers does not explain it`];
  const gaveUp = hasGivenUp(peer, story);
  if (gaveUp) because.push(`none came in the ${durationText(story.silence)} after the last, when the next was due: it gave up`);
  if (story.isAt(part)) return { certainty: 'possible', because, against: ['the probes reached this host: it should have answered them'] };
  if (peer.resets.length === 0) because.push('no reset followed, and this timeout sends none');
  const against = gaveUp ? [] : ['the capture ends before the next probe was due: the sender may still be asking'];
  return { certainty: 'likely', because, against };
}

/** The peer turned out not to know the connection any more, although its probes had been answered. */
function goneAfterAnswers(unanswered: number): Weight {
  const because = ['when the window opened at last, the sender did not know the connection any more', 'it had said neither FIN nor RST before'];
  if (unanswered > 1) return { certainty: 'likely', because: [...because, `the last ${unanswered} probes had no answer`] };
  return { certainty: 'possible', because, against: ['its probes had been answered: then only TCP_USER_TIMEOUT or the limit of an orphan ends it'] };
}

/** The probes were answered, and stopped all the same. */
function stopped(peer: Part, story: Story): Weight | undefined {
  if (!hasGivenUp(peer, story)) return undefined;
  return {
    certainty: 'possible',
    because: [`the window never opened, and no further probe came in the ${durationText(story.silence)} after the last`],
    against: ['the probes had been answered: then only TCP_USER_TIMEOUT or the limit of an orphan ends it'],
  };
}

/** Probes come at doubling intervals up to 120 s, a little late: when the next one would have come, none is to come. */
function hasGivenUp(prober: Part, story: Story): boolean {
  const last = prober.moments.findLast(({ verdict }) => verdict === WINDOW_PROBE);
  const interval = lastInterval(prober);
  return last !== undefined && interval > 0 && story.end - last.lastTime > Math.min(interval * 2.3, 136e9);
}

/** Nanoseconds between the last two probes; 0 when there are not so many. */
function lastInterval({ moments }: Part): number {
  const [before, last] = moments.filter(({ verdict }) => verdict === WINDOW_PROBE).slice(-2);
  return before === undefined || last === undefined ? 0 : last.lastTime - before.lastTime;
}

/** net.ipv4.tcp_invalid_ratelimit: probes that come sooner after one another need not be answered. Nanoseconds. */
const ONE_ANSWER = 500e6;
