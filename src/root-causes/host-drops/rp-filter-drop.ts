import { countText } from '../../hosts/wording.js';
import { synUnanswered } from '../../patterns/connecting/syn-unanswered.js';
import { type Cause, explain } from '../cause.js';
import { arrivalOf, doubtOfArrival, otherAnswers, silenceOf, stampReason } from '../clues/silence.js';
import { is } from '../testimony/sign.js';

export const rpFilterDrop: Cause = {
  id: 'rp-filter-drop',
  title: 'Reverse path filter: the SYN came in on the wrong interface',
  where: 'the peer',
  mechanism: `With net.ipv4.conf.IF.rp_filter = 1 (strict) fib_validate_source() drops a packet if the route back to its source does not leave by
    the interface on which it came; with 2 (loose) it must leave by any. The larger one of "all" and the interface counts. The kernel's default is
    0, systemd sets 2, some distributions 1. The check comes after the capture and before TCP: tcpdump shows the SYN, the listener never hears of
    it, and nobody answers. It hits every protocol from that source on that interface. Hosts with several uplinks, policy routing, VRRP or direct
    routing meet it.`,
  explains: [
    explain(synUnanswered, ({ syns }, given) => {
      const silence = silenceOf(given);
      if (silence.answeredMeanwhile > 0 || given.part.endpoint.family !== 4) return undefined;
      const because = ['neither a reset nor an ICMP error came back: this filter sends none', ...arrivalOf(silence)];
      if (silence.answeredStrangers > 0 && silence.answeredElse === 0)
        because.push(`the listener answered ${countText(silence.answeredStrangers, 'SYN')} from other addresses: it depends on the source`);
      if (silence.hasArrived && syns > 3) because.push(`all ${syns} SYNs met the same fate: a route does not recover by itself`);
      return { certainty: 'possible', because, against: [...doubtOfArrival(silence, given), ...otherAnswers(silence), ...stampReason(silence)] };
    }),
  ],
  sysctls: ['net.ipv4.conf.all.rp_filter', 'net.ipv4.conf.IF.rp_filter', 'net.ipv4.conf.all.log_martians'],
  counters: ['TcpExtIPReversePathFilter'],
  dropReasons: ['IP_RPFILTER'],
  facts: [{ needs: { 'net.ipv4.conf.*.rp_filter': is('1', '2') }, proof: ['TcpExtIPReversePathFilter'], log: /martian source/ }],
  confirm: [
    {
      run: 'nstat -az TcpExtIPReversePathFilter; sleep 10; nstat -z TcpExtIPReversePathFilter',
      expect: 'on the server: rises by one with each SYN; if it stands still, this is not the cause',
    },
    {
      run: 'ip route get SERVER from CLIENT iif IF',
      expect: 'on the server: "Invalid cross-device link" (newer: "Invalid argument") with the interface that the SYN comes in on',
    },
    {
      run: 'sysctl net.ipv4.conf.all.rp_filter net.ipv4.conf.IF.rp_filter',
      expect: 'the larger one is 1, or it is 2 and there is no route to CLIENT at all',
    },
    { run: 'sysctl -w net.ipv4.conf.all.log_martians=1; dmesg -w', expect: '"martian source SERVER from CLIENT, on dev IF"' },
  ],
  remedy: [
    'Make the way back match: add the route, or a rule with a table of its own for each uplink (ip rule add from ADDRESS table N).',
    'Where asymmetric paths are intended set net.ipv4.conf.all.rp_filter and that of the interface to 2 (loose), or 0 behind a router that filters.',
  ],
  avoid: [
    'rp_filter = 1 on all hosts, as hardening guides advise: it breaks multi-homed hosts, direct routing (LVS-DR) and asymmetric paths.',
    'Setting only net.ipv4.conf.IF.rp_filter = 0: the larger value counts, so "all" must be lowered too.',
  ],
  mimics: [
    { cause: 'no-return-route-synack', tell: 'there TcpExtListenDrops and IpOutNoRoutes rise: the SYN did reach the listener' },
    { cause: 'host-netfilter-drop', tell: 'there a rule of nft or iptables counts the packets' },
    { cause: 'syn-unanswered-blackhole', tell: "there the SYN is not in the server's own capture" },
  ],
  sources: ['RFC 3704 section 2', 'Documentation/networking/ip-sysctl.rst: rp_filter', 'net/ipv4/fib_frontend.c: fib_validate_source'],
  capture: 'path/syns-dropped-by-rp-filter',
};
