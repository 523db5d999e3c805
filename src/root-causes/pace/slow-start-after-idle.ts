import { bytesText, countText, durationText } from '../../hosts/wording.js';
import { slowRestart } from '../../patterns/pace/slow-restart.js';
import { type Cause, explain } from '../cause.js';
import { not } from '../testimony/sign.js';

/** TCP_INIT_CWND */
const INITIAL_WINDOW = 10;

export const slowStartAfterIdle: Cause = {
  id: 'slow-start-after-idle',
  title: 'The congestion window was given back during a pause (tcp_slow_start_after_idle)',
  where: 'this end',
  mechanism: `With net.ipv4.tcp_slow_start_after_idle = 1, the default, tcp_slow_start_after_idle_check() looks at the first write after a pause:
    when nothing is under way and the last data was sent more than one retransmission timeout ago, tcp_cwnd_restart() halves the congestion window
    once for each RTO of the pause, down to the initial window of ten segments (TCP_INIT_CWND). The slow start threshold remembers what was reached,
    so that the window doubles each round trip on the way back. Congestion controls that pace by a model of the path of their own (cong_control, as
    BBR has it) are left out.`,
  explains: [
    explain(slowRestart, ({ restarts, pause, before, after, segments }, { part, peer, story, looks }) => {
      const because = [
        `the pause of ${durationText(pause)} is longer than a retransmission timeout`,
        `the first burst after it is ${bytesText(after)}, with ${bytesText(before)} under way before`,
      ];
      if (segments === INITIAL_WINDOW) because.push('it is ten segments, the initial window of Linux');
      if (restarts > 1) because.push(`it happened after ${countText(restarts, 'pause')}`);
      if (looks(part).isLinux) because.push('the sender looks like Linux');
      const against = [];
      if (part.endpoint.hasResent) against.push('segments were sent again: a loss lowers the congestion window as well');
      if (peer.endpoint.window < after * 2) against.push("the receiver's window would not have allowed much more");
      if (story.roundTrip < 1e6) against.push(`a round trip takes ${durationText(story.roundTrip)} here: some more of them cost nothing`);
      return { certainty: 'likely', because, against };
    }),
  ],
  sysctls: ['net.ipv4.tcp_slow_start_after_idle', 'net.ipv4.tcp_no_metrics_save'],
  facts: [{ needs: { 'net.ipv4.tcp_slow_start_after_idle': not('0') } }],
  confirm: [
    { run: 'sysctl net.ipv4.tcp_slow_start_after_idle', expect: '= 1 on the sender' },
    {
      run: "ss -tni 'dst PEER'",
      expect: 'on the sender: cwnd falls to 10 with the first write after the pause; ssthresh keeps about 3/4 of the old cwnd',
    },
    { run: 'sysctl net.ipv4.tcp_congestion_control', expect: 'cubic or reno on the sender; with bbr this is not the cause' },
  ],
  remedy: [
    'On hosts that answer bursts over long-lived connections, with round trips that matter: net.ipv4.tcp_slow_start_after_idle = 0 on the sender.',
    'Otherwise nothing: after a pause the kernel does not know whether the path still carries that much, and asks carefully.',
  ],
  avoid: [
    'Setting it to 1 "to avoid slow start": 1 is the slow start, guides that say otherwise have it reversed.',
    'Setting it to 0 on a shared path that drops: the first burst is then as large as the last one, into queues that others have filled meanwhile.',
    'Sending dummy data to keep the window: what does not fill the window does not keep it either (congestion window validation).',
  ],
  mimics: [
    { cause: 'application-limited-sender', tell: 'there the application had only so much to send; here bursts twice as large follow at once' },
    { cause: 'cwnd-one-after-handshake-loss', tell: 'there the first flight of a new connection is a single segment' },
    { cause: 'sack-fast-recovery-loss', tell: 'there segments were lost and sent again before' },
  ],
  sources: [
    'RFC 5681 section 4.1',
    'RFC 2861',
    'include/net/tcp.h: tcp_slow_start_after_idle_check',
    'net/ipv4/tcp_output.c: tcp_cwnd_restart',
    'Documentation/networking/ip-sysctl.rst: tcp_slow_start_after_idle',
  ],
  capture: 'transfer/slow-start-after-pause',
};
