import { countText, durationText } from '../../hosts/wording.js';
import { keepAliveAnswered } from '../../patterns/pace/keep-alive-answered.js';
import { resetAnswered } from '../../patterns/resets/reset-answered.js';
import { type Cause, explain } from '../cause.js';

/** Nanoseconds: TCP_KEEPINTVL counts in whole seconds; a little less, because packets do not travel evenly. */
const SHORTEST_INTERVAL = 0.9e9;

export const keepaliveProbesAnswered: Cause = {
  id: 'keepalive-probes-answered',
  title: 'Keep-alive asks, the peer answers',
  where: 'this end',
  isBenign: true,
  mechanism: `With SO_KEEPALIVE, tcp_keepalive_timer() sends an empty ACK one number below the next when nothing has come in for
    net.ipv4.tcp_keepalive_time. The peer has to answer a number that it has had already with an ACK, and the wait starts over. Only the kernels take
    part: an answer proves that the host and its socket live, not that the process behind it works. Every probe also refreshes the entry of each NAT
    and firewall on the path.`,
  explains: [
    explain(keepAliveAnswered, ({ probes, interval, unanswered }, { alsoShows, story, peer }) => {
      if (probes > 1 && interval < SHORTEST_INTERVAL) return undefined;
      const wasReset = alsoShows(resetAnswered)?.trigger === 'keep-alive';
      if (wasReset && probes === 1) return undefined; // the only answer was a reset
      const because = [
        probes === 1 ? 'the probe was answered' : `${countText(probes, 'probe')} came every ${durationText(interval)}, and the other end answered`,
      ];
      const against: string[] = [];
      if (unanswered > 0) against.push(`${countText(unanswered, 'probe')} had no answer: it or the answer got lost on the way`);
      if (wasReset) against.push('the last answer was a reset');
      if (probes === 1 && story.isAt(peer)) against.push('only one probe was captured here: whether later ones were lost on the way cannot be seen');
      return { certainty: against.length === 0 ? 'certain' : 'likely', because, against };
    }),
  ],
  sysctls: ['net.ipv4.tcp_keepalive_time', 'net.ipv4.tcp_keepalive_intvl', 'net.ipv4.tcp_keepalive_probes'],
  counters: ['TcpExtTCPKeepAlive'],
  facts: [{ proof: ['TcpExtTCPKeepAlive'] }],
  confirm: [
    { run: 'ss -tno dst PEER', expect: 'timer:(keepalive,TIME,0): waiting, no probe without an answer' },
    { run: 'nstat -az TcpExtTCPKeepAlive; sleep 300; nstat -z TcpExtTCPKeepAlive', expect: 'on the host that asks: rises with each probe' },
  ],
  remedy: ['Nothing. The connection is idle and alive on both sides, and the probes keep it known on the path.'],
  avoid: ['Switching keep-alive off to save packets: idle connections would then die unnoticed, and NATs would forget them.'],
  mimics: [
    { cause: 'receiver-zero-window', tell: 'its probes look the same; there the last window was 0 and the intervals double' },
    { cause: 'keepalive-timeout-reset', tell: 'there the probes stay unanswered and a reset follows' },
  ],
  sources: [
    'RFC 9293 section 3.8.4',
    'RFC 1122 section 4.2.3.6',
    'net/ipv4/tcp_timer.c: tcp_keepalive_timer',
    'net/ipv4/tcp_output.c: tcp_xmit_probe_skb',
  ],
  capture: 'transfer/keep-alive-answered',
};
