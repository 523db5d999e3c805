import { countText } from '../../hosts/wording.js';
import { synRepeated } from '../../patterns/connecting/syn-repeated.js';
import { synStrangelyAnswered } from '../../patterns/connecting/syn-strangely-answered.js';
import { synUnanswered } from '../../patterns/connecting/syn-unanswered.js';
import { type Case, type Cause, explain, type Weight } from '../cause.js';
import { acceptedElsewhere } from '../clues/queues.js';
import { silenceOf } from '../clues/silence.js';
import { damagedBefore } from '../clues/unheard.js';

const TABLE_FULL = /nf_conntrack: table full/;

export const conntrackTableFull: Cause = {
  id: 'conntrack-table-full',
  title: 'Connection tracking table full: new connections are dropped',
  where: 'the path',
  mechanism: `A host or router that tracks connections needs an entry for each new one. When net.netfilter.nf_conntrack_max is reached,
    init_conntrack() first tries early_drop(), which evicts entries that have seen no answer yet; if that fails nf_conntrack_in() drops the
    packet. Packets of tracked connections have their entries and pass, so that everything old works and nothing new does, on all ports alike. A
    repeated SYN gets through as soon as an entry expires; an idle established one lives for 432000 s by default. TCP counts nothing. The limit is
    one for the whole machine.`,
  explains: [
    explain(synUnanswered, (_, given) => (silenceOf(given).isForbidden ? undefined : weigh(given))),
    explain(synRepeated, ({ answersFirst, dropped, syns }, given) => {
      if (answersFirst || dropped !== undefined || silenceOf(given).isForbidden) return undefined;
      if (given.alsoShows(synStrangelyAnswered) !== undefined || damagedBefore(given.part.syns, given).length > 0) return undefined;
      const weight = weigh(given);
      return { ...weight, because: [...weight.because, `SYN number ${syns} got through, as when an entry has expired`] };
    }),
  ],
  sysctls: [
    'net.netfilter.nf_conntrack_max',
    'net.netfilter.nf_conntrack_buckets',
    'net.netfilter.nf_conntrack_tcp_timeout_established',
    'net.netfilter.nf_conntrack_tcp_timeout_time_wait',
  ],
  dropReasons: ['NETFILTER_DROP'],
  facts: [
    { at: 'this end', log: TABLE_FULL },
    { at: 'the peer', log: TABLE_FULL },
    { at: 'the path', log: TABLE_FULL, quotes: ['net.netfilter.nf_conntrack_max', 'net.netfilter.nf_conntrack_count'] },
  ],
  confirm: [
    { run: "dmesg | grep 'nf_conntrack: table full'", expect: 'on each host and router of the path: "nf_conntrack: table full, dropping packet"' },
    { run: 'sysctl net.netfilter.nf_conntrack_count net.netfilter.nf_conntrack_max', expect: 'count is as large as max, or was at that time' },
    { run: 'conntrack -S; sleep 10; conntrack -S', expect: 'drop and early_drop rise between the two' },
    {
      run: "conntrack -L -p tcp 2>/dev/null | awk '{print $4}' | sort | uniq -c",
      expect: 'what fills it: thousands of ESTABLISHED that nobody uses, SYN_SENT of a scan, or TIME_WAIT of many short connections',
    },
  ],
  remedy: [
    'Raise net.netfilter.nf_conntrack_max, and nf_conntrack_buckets with it (as many buckets as entries): an entry takes about 300 bytes.',
    'Do not track what needs no tracking: "notrack" in the raw table or chain for busy ports that are neither translated nor filtered by state.',
    'Use connections again instead of opening new ones: each closed one keeps its entry for another 120 s.',
    'Lower nf_conntrack_tcp_timeout_established with care, to more than the keep-alive time of the applications (7440 s fits the default).',
  ],
  avoid: [
    'nf_conntrack_tcp_timeout_established = 180: it forgets connections that are idle but alive, and their next segment is dropped or reset.',
    'ip_conntrack_max and net.ipv4.netfilter.*, as in old guides: these names do not exist any more.',
  ],
  mimics: [
    { cause: 'syn-dropped-accept-queue-full', tell: 'there it is one port only, and the server counts TcpExtListenOverflows' },
    { cause: 'host-netfilter-drop', tell: 'there the same SYNs are dropped for ever, whatever the load' },
    { cause: 'syn-unanswered-blackhole', tell: 'there connections that were open before suffer as well' },
  ],
  sources: ['Documentation/networking/nf_conntrack-sysctl.rst', 'net/netfilter/nf_conntrack_core.c: nf_conntrack_in, init_conntrack, early_drop'],
  capture: 'path/syns-dropped-because-conntrack-is-full',
};

function weigh(given: Case): Weight {
  const { openMeanwhile, ignoredMeanwhile, answeredMeanwhile, hasArrived } = silenceOf(given);
  const start = given.story.client.syns[0]?.time ?? 0;
  const { attempts } = given.hosts.listeners.called(given.story.serverSocket);
  const unused = attempts.filter(({ attempt, lastSyn }) => attempt === 'not accepted' && lastSyn < start).length;
  const because = ['the SYN got no answer of any kind: a table without room drops it in silence'];
  const against = [];
  if (openMeanwhile > 0) because.push(`${countText(openMeanwhile, 'connection')} to the same port, open before, went on: only new ones are refused`);
  if (ignoredMeanwhile > 0)
    because.push(`${countText(ignoredMeanwhile, 'other attempt')} between the same two addresses failed in silence at about the same time`);
  if (openMeanwhile > 0 && answeredMeanwhile > 0) because.push('some got through in between, as when entries expire');
  if (openMeanwhile + ignoredMeanwhile === 0) against.push('no connection that was open before shows that only new ones are refused');
  const elsewhere = acceptedElsewhere(given, start, given.story.client.syns.at(-1)?.time ?? start);
  if (elsewhere > 1 && answeredMeanwhile <= elsewhere)
    against.push(`${countText(elsewhere, 'connection')} to other ports of that address worked meanwhile: a full table spares no port`);
  if (!hasArrived) against.push('who dropped the SYN cannot be seen: it may be any router of the path, or the server');
  if (unused > 0) against.push(`the same listener never used ${countText(unused, 'completed handshake')}: its own queue may be full`);
  return { certainty: 'possible', because, against };
}
