import { isResent } from '../../flow/verdict.js';
import { durationText, listText } from '../../hosts/wording.js';
import { lossRepaired } from '../../patterns/loss/loss-repaired.js';
import { largeSegmentsLost } from '../../patterns/path/large-segments-lost.js';
import { segmentsShrink } from '../../patterns/path/segments-shrink.js';
import type { Part } from '../../patterns/story.js';
import { type Cause, explain, type Weight } from '../cause.js';
import { recutAt } from '../clues/sizes.js';
import { not } from '../testimony/sign.js';

/** What net.ipv4.tcp_base_mss is by default, and was before 4.1: bytes of the first smaller segments. */
const BASES: readonly number[] = [1024, 512];
/** Nanoseconds: net.ipv4.tcp_retries1 of 3 is over after three seconds, less what timers and clocks vary. */
const RETRIES1 = 2.5e9;

export const mtuProbingActive: Cause = {
  id: 'mtu-probing-active',
  title: 'Packetization layer path MTU discovery: the sender tries smaller segments by itself',
  where: 'this end',
  mechanism: `With net.ipv4.tcp_mtu_probing = 1 Linux suspects a black hole once repetitions have gone on for as long as net.ipv4.tcp_retries1 (3)
    doublings take, about three seconds. Then tcp_write_timeout() calls tcp_mtu_probing(): the same data goes out in segments of net.ipv4.tcp_base_mss
    (1024 bytes; 512 before 4.1), and at each later timeout in half of that, down to net.ipv4.tcp_mtu_probe_floor. When a size gets through,
    tcp_mtu_probe() searches upwards again with single larger segments. With 2 it probes from the start. It saves the connection at the price of some
    seconds.`,
  kernels: { since: '2.6.17' },
  explains: [
    explain(segmentsShrink, ({ full, sizes, waited, gotThrough }) => {
      const because = [`the same data was sent in ${full} bytes and then in ${listText(sizes.map(String))}, and no ICMP message had asked for it`];
      const against: string[] = [];
      if (waited >= RETRIES1) because.push(`it shrank ${durationText(waited)} after the first try, when net.ipv4.tcp_retries1 is over`);
      else against.push(`it shrank after ${durationText(waited)} already: an ICMP message that was not captured may have told the size`);
      if (gotThrough) because.push('a smaller piece got through');
      return { certainty: waited < RETRIES1 ? 'possible' : 'certain', because, against };
    }),
    explain(largeSegmentsLost, ({ lost, lasted, shrankTo }, { part, peer, story }) => {
      if (shrankTo === undefined) return undefined;
      if (story.isAt(peer)) return weighPieces(shrankTo, lasted);
      const sizes = sizesOf(part, lost);
      const waited = waitedFor(part, shrankTo);
      const because = [`the same data was sent in ${lost} bytes and then in ${listText(sizes.map(String))}, and no ICMP message had asked for it`];
      const against: string[] = [];
      if (waited >= RETRIES1) because.push(`it shrank ${durationText(waited)} after the first try, when net.ipv4.tcp_retries1 is over`);
      else against.push(`it shrank after ${durationText(waited)} already: an ICMP message that was not captured may have told the size`);
      const isHalved = sizes.some((size, i) => i > 0 && Math.abs((sizes[i - 1] ?? 0) - 2 * size) <= 24);
      if (isHalved) because.push('the sizes are halved from one timeout to the next');
      return { certainty: waited < RETRIES1 ? 'possible' : 'certain', because, against };
    }),
    explain(lossRepaired, (_, given) => {
      const recut = recutAt(given);
      if (recut === undefined || recut.waited < RETRIES1) return undefined;
      const because = [
        `what was missing came after a silence of ${durationText(recut.waited)}, in pieces of ${recut.to} bytes and what segments of ${recut.from} leave over`,
      ];
      return { certainty: BASES.includes(recut.to) ? 'likely' : 'possible', because };
    }),
  ],
  sysctls: [
    'net.ipv4.tcp_mtu_probing',
    'net.ipv4.tcp_base_mss',
    'net.ipv4.tcp_mtu_probe_floor',
    'net.ipv4.tcp_min_snd_mss',
    'net.ipv4.tcp_probe_interval',
    'net.ipv4.tcp_probe_threshold',
    'net.ipv4.tcp_retries1',
  ],
  counters: ['TcpExtTCPMTUPSuccess', 'TcpExtTCPMTUPFail', 'TcpExtTCPTimeouts'],
  facts: [{ needs: { 'net.ipv4.tcp_mtu_probing': not('0') }, shows: ['TcpExtTCPMTUPSuccess', 'TcpExtTCPMTUPFail'] }],
  confirm: [
    { run: 'sysctl net.ipv4.tcp_mtu_probing net.ipv4.tcp_base_mss', expect: 'on the sender: 1 or 2, and the size of the first smaller segments' },
    { run: 'ss -tin dst PEER', expect: 'on the sender: mss far below pmtu' },
    {
      run: 'nstat -n; sleep 60; nstat -z TcpExtTCPMTUPSuccess TcpExtTCPMTUPFail',
      expect: 'on the sender: they count the later probes upwards, one success or failure for each size tried',
    },
    { run: 'ping -M do -c 3 -s 1472 PEER', expect: 'no answer and no error: the black hole is there' },
  ],
  remedy: [
    'Cure the black hole: let the ICMP messages pass, or clamp the MSS. Each new connection loses three seconds and more as long as it is there.',
    'Keep net.ipv4.tcp_mtu_probing = 1 as a safety net on hosts whose clients sit behind tunnels.',
  ],
  avoid: [
    'net.ipv4.tcp_base_mss = 512 from old guides: on a path that takes 1400 bytes it doubles the packets.',
    'net.ipv4.tcp_mtu_probing = 2 for everything: each connection begins with small segments, also where all is well.',
  ],
  mimics: [
    { cause: 'pmtu-blackhole', tell: 'the reason for it; there the size stays the same until the connection is given up' },
    { cause: 'pmtu-icmp-accepted', tell: 'there an ICMP message names the size, and it shrinks within a round trip' },
    {
      cause: 'rto-backoff-path-loss',
      tell: 'there the outage is longer than three seconds and concerns every size: probing starts all the same, and hides it',
    },
  ],
  sources: [
    'RFC 4821 sections 7.2 and 7.7',
    'Documentation/networking/ip-sysctl.rst: tcp_mtu_probing, tcp_base_mss, tcp_mtu_probe_floor',
    'net/ipv4/tcp_timer.c: tcp_mtu_probing',
    'net/ipv4/tcp_output.c: tcp_mtu_probe',
  ],
  capture: 'path/segments-shrink-because-of-mtu-probing',
};

/** The sizes below the lost one in which data was sent again from the same place, in their order, each once. */
function sizesOf({ moments }: Part, lost: number): number[] {
  const first = moments.find(({ verdict, length }) => isResent(verdict) && length === lost);
  const smaller = moments.filter(({ verdict, seq, length }) => isResent(verdict) && seq === first?.seq && length > 0 && length < lost);
  return [...new Set(smaller.map(({ length }) => length))];
}

/** Nanoseconds from the first try of the data to the first smaller one. */
function waitedFor({ moments }: Part, shrankTo: number): number {
  const smaller = moments.find(({ verdict, length }) => isResent(verdict) && length === shrankTo);
  const first = moments.find(({ verdict, seq }) => isResent(verdict) && seq === smaller?.seq);
  return (smaller?.time ?? 0) - (first?.earlier?.time ?? first?.time ?? smaller?.time ?? 0);
}

/** Seen from the receiver: the full ones never came. */
function weighPieces(size: number, lasted: number): Weight {
  return {
    certainty: 'possible',
    because: [`after ${durationText(lasted)}, when net.ipv4.tcp_retries1 is over, the missing data came in pieces of ${size} bytes`],
    against: ['seen from the receiver: in which size it was sent before is not known'],
  };
}
