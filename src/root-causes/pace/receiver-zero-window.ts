import { countText, durationText } from '../../hosts/wording.js';
import { zeroWindow } from '../../patterns/pace/zero-window.js';
import type { Part } from '../../patterns/story.js';
import { type Cause, explain } from '../cause.js';

export const receiverZeroWindow: Cause = {
  id: 'receiver-zero-window',
  title: 'The application does not read, and its receive buffer is full',
  where: 'this end',
  isOfAnyStack: true,
  mechanism: `Data that arrives waits in the receive queue until the application reads it. When less than a segment, or less than a sixteenth of the
    buffer (sk_rcvbuf), is free, __tcp_select_window() offers 0, and tcp_select_window() announces it. tcp_cleanup_rbuf() sends the update only when
    the application has made room for a whole segment, so as not to invite tiny ones (silly window syndrome). Meanwhile the sender's
    tcp_probe_timer() asks with an empty segment one byte below SND.UNA, after one RTO and then at doubling intervals up to 120 s, for as long as it
    is answered. The receiver answers at most one such probe in 500 ms (net.ipv4.tcp_invalid_ratelimit), so a missing answer is no loss yet.`,
  explains: [
    explain(zeroWindow, (evidence, { part, peer, story }) => {
      const { episodes, closed, probes, unanswered, missed, unaware, reopened, peerHadGone } = evidence;
      const spells =
        episodes > 1
          ? `its window closed ${episodes} times, for ${durationText(closed)} in all`
          : `its window was closed for ${durationText(closed)}`;
      const because = [`${spells}: only a full receive buffer says so`];
      if (probes > 0 && unanswered < 2 && missed + unaware === 0)
        because.push(`it went on answering when ${countText(probes, 'probe')} asked: host and path work`);
      if (reopened) because.push('it opened its window again later, as when the application reads');
      const against = [];
      const isProven = probes > 0 || reopened;
      if (!isProven) against.push('neither a probe of the sender nor an update of the window followed');
      if (part.endpoint.largestWindow === 0 && part.endpoint.hasSyn)
        against.push('it never offered any window after its SYN: that is no buffer that has filled');
      if (unanswered > 1 && !story.isAt(part)) against.push(`the last ${unanswered} probes had no answer, which a living host gives`);
      if (missed > 0) against.push(`${countText(missed, 'probe')} in between had no answer: a lost one may have told that there was room again`);
      if (unaware > 0) against.push('for a part of the stall its window was open, and the news of it did not arrive');
      if (peerHadGone) against.push('when it opened its window the other end had gone: slow reading alone does not end a connection');
      if (closedByLeaving(part, peer)) against.push('it closed its window only when the connection was being closed');
      return { certainty: !isProven ? 'possible' : against.length > 0 ? 'likely' : 'certain', because, against };
    }),
  ],
  sysctls: ['net.ipv4.tcp_rmem', 'net.ipv4.tcp_mem', 'net.ipv4.tcp_shrink_window'],
  counters: [
    'TcpExtTCPToZeroWindowAdv',
    'TcpExtTCPFromZeroWindowAdv',
    'TcpExtTCPWantZeroWindowAdv',
    'TcpExtTCPZeroWindowDrop',
    'TcpExtTCPWinProbe',
    'TcpExtBeyondWindow',
  ],
  dropReasons: ['TCP_ZEROWINDOW'],
  facts: [
    {
      proof: [['TcpExtTCPToZeroWindowAdv', 'TcpExtTCPWantZeroWindowAdv']],
      quotes: ['net.ipv4.tcp_rmem'],
      sockets: ({ unread }) => unread,
    },
  ],
  confirm: [
    {
      run: "ss -tnmp 'sport = :PORT'",
      expect: 'on the receiver: a large Recv-Q that does not shrink, r close to rb in skmem, and the process',
    },
    {
      run: 'nstat -az TcpExtTCPToZeroWindowAdv TcpExtTCPFromZeroWindowAdv; sleep 10; nstat -z TcpExtTCPToZeroWindowAdv TcpExtTCPFromZeroWindowAdv',
      expect: 'on the receiver: the first rises when a window closes, the second when one opens',
    },
    {
      run: 'strace -f -tt -e trace=read,readv,recvfrom,recvmsg -p PID',
      expect: 'no read of that socket while its window is closed',
    },
    { run: "ss -tino 'dst PEER'", expect: 'on the sender: timer:(persist,…) and a growing rwnd_limited' },
  ],
  remedy: [
    'Find out why the application does not read: a blocked event loop, a lock, a full disk, a slow database behind it, a garbage collection.',
    'If only bursts are too fast for it let the buffer grow: no SO_RCVBUF in the application, a higher third value of net.ipv4.tcp_rmem.',
    'Give the sending application a timeout for writing: while probes are answered its kernel waits without end, as RFC 9293 asks.',
  ],
  avoid: [
    'Blaming the network: the window is a decision of the receiving host.',
    'Enlarging buffers for a reader that is too slow on average: they fill a little later, and what is in them is older.',
    'Taking the probes for keep-alives, as some tools do: keep-alives come at constant intervals and while the window is open.',
  ],
  mimics: [
    { cause: 'fin-wait1-zero-window-stall', tell: 'there the sender has closed meanwhile; when the window opens, it answers with a reset' },
    { cause: 'zero-window-probe-timeout', tell: 'there the probes at the end stay unanswered' },
    { cause: 'receive-buffer-limited', tell: 'there the window is small but never 0 for long: the reader keeps up' },
    { cause: 'tcp-memory-limit', tell: 'there the windows of all connections of the host close together' },
  ],
  sources: [
    'RFC 9293 sections 3.8.6.1 and 3.8.6.2',
    'net/ipv4/tcp_output.c: __tcp_select_window, tcp_select_window, tcp_send_probe0',
    'net/ipv4/tcp.c: tcp_cleanup_rbuf',
    'net/ipv4/tcp_timer.c: tcp_probe_timer',
  ],
  capture: 'transfer/zero-window-because-reader-pauses',
};

/** Some stacks send a window of 0 with their last segments, when nobody will read any more. Who has only shut down one direction goes on reading. */
function closedByLeaving(part: Part, peer: Part): boolean {
  const first = part.moments.find(({ window, flags }) => window === 0 && !(flags & 0x06));
  const hasLeft = part.fins.filter(({ time }) => peer.endpoint.lastDataTime <= time + peer.delay * 2);
  return first !== undefined && [...hasLeft, ...peer.fins].some(({ frame }) => frame <= first.frame);
}
