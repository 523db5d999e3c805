import type { Moment } from '../../flow/timeline.js';
import { RESENT_FAST, RESENT_TIMEOUT } from '../../flow/verdict.js';
import { countText } from '../../hosts/wording.js';
import { lossRepaired } from '../../patterns/loss/loss-repaired.js';
import { retransmissionTimeout } from '../../patterns/loss/retransmission-timeout.js';
import { zeroWindow } from '../../patterns/pace/zero-window.js';
import { type Case, type Cause, explain, type Weight } from '../cause.js';
import { droppedOnArrival, wasSilent } from '../clues/resends.js';

export const tcpMemoryLimit: Cause = {
  id: 'tcp-memory-limit',
  title: 'All TCP memory of the host in use (net.ipv4.tcp_mem), or of a control group',
  where: 'the peer',
  mechanism: `net.ipv4.tcp_mem has three marks, in pages, for all sockets of the host together; a memory control group has a limit of its own. Above
    the second, sk_enter_memory_pressure() makes __tcp_select_window() offer smaller windows, and tcp_try_rmem_schedule() starts to prune. At the
    third, __sk_mem_raise_allocated() refuses: segments are dropped on arrival although there is room in the window, senders cannot queue data, and
    tcp_check_oom() resets orphans. What fills it are queues that nobody empties: unread sockets in ESTABLISHED or CLOSE_WAIT, unsent data towards
    dead peers.`,
  explains: [
    explain(retransmissionTimeout, ({ resends }, given) => weigh(droppedOnArrival(given, RESENT_TIMEOUT), resends, given)),
    explain(lossRepaired, ({ resends }, given) => weigh(droppedOnArrival(given, RESENT_FAST), resends, given)),
  ],
  sysctls: ['net.ipv4.tcp_mem', 'net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem'],
  counters: ['TcpExtTCPMemoryPressures', 'TcpExtTCPMemoryPressuresChrono', 'TcpExtTCPAbortOnMemory', 'TcpExtTCPRcvQDrop'],
  dropReasons: ['PROTO_MEM'],
  facts: [
    {
      shows: ['TcpExtTCPMemoryPressures'],
      quotes: ['TcpExtTCPMemoryPressuresChrono', 'net.ipv4.tcp_mem'],
      log: /out of memory -- consider tuning tcp_mem/,
    },
  ],
  confirm: [
    {
      run: 'cat /proc/net/sockstat; sysctl net.ipv4.tcp_mem',
      expect: 'on the receiver: the mem of the line TCP is close to the second or third value, both in pages',
    },
    { run: "dmesg -T | grep 'TCP: out of memory'", expect: '"out of memory -- consider tuning tcp_mem", at the time in question' },
    {
      run: 'nstat -n; sleep 10; nstat -z TcpExtTCPMemoryPressures TcpExtTCPMemoryPressuresChrono TcpExtTCPRcvQDrop TcpExtTCPAbortOnMemory',
      expect: 'on the receiver: MemoryPressuresChrono grows by the milliseconds under pressure, RcvQDrop with each segment refused',
    },
    {
      run: "ss -tanmpOH | sed 's/.*skmem:(r\\([0-9]*\\).*/\\1 &/' | sort -n | tail",
      expect: 'on the receiver: the sockets that hold most received data, in bytes, and whose they are',
    },
    { run: 'cat /sys/fs/cgroup/PATH/memory.stat | grep -w sock', expect: 'in a container: its share, and whether that is what fills its limit' },
  ],
  remedy: [
    'Find the sockets that hold the memory and the process that does not read or close them: Recv-Q in ss -tanp, CLOSE-WAIT first.',
    'Bound what each connection may queue: TCP_NOTSENT_LOWAT, TCP_USER_TIMEOUT, a smaller maximum of net.ipv4.tcp_rmem and net.ipv4.tcp_wmem.',
    'Raise net.ipv4.tcp_mem when the load is legitimate and memory is free; in a container its memory limit.',
  ],
  avoid: [
    'Fixed values for net.ipv4.tcp_mem from old guides: they are pages, made for machines of another size, and often lower than the default.',
    'A larger maximum of net.ipv4.tcp_rmem: each unread socket then holds more.',
  ],
  mimics: [
    { cause: 'receive-queue-pruned', tell: 'there one connection suffers, and its own buffer is full' },
    { cause: 'receiver-zero-window', tell: 'there the window of one connection closes because its reader is slow' },
    { cause: 'orphan-limit-reset', tell: 'the resets of orphans that the same shortage causes' },
  ],
  sources: [
    'Documentation/networking/ip-sysctl.rst: tcp_mem',
    'net/core/sock.c: __sk_mem_raise_allocated',
    'net/ipv4/tcp_input.c: tcp_try_rmem_schedule',
    'net/ipv4/tcp.c: tcp_check_oom',
  ],
  capture: 'transfer/received-segments-dropped-because-tcp-mem-is-exhausted',
};

function weigh(arrivals: readonly Moment[], resends: number, { alsoShows, story, peer }: Case): Weight | undefined {
  const dropped = arrivals.length;
  if (dropped === 0) return undefined;
  const because = [`${countText(dropped, 'segment')} of ${resends} had reached the receiving host and ${dropped === 1 ? 'was' : 'were'} not taken`];
  if (alsoShows(zeroWindow) !== undefined) because.push('its window closed in this connection');
  const against = [`whether other connections of that host suffer as well cannot be seen from stream ${story.flow.stream} alone`];
  if (wasSilent(arrivals, peer)) against.push('the receiver said nothing after what it dropped, not even a duplicate ACK');
  return { certainty: 'possible', because, against };
}
