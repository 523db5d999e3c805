import { synUnanswered } from '../../patterns/connecting/syn-unanswered.js';
import { type Cause, explain } from '../cause.js';
import { arrivalOf, doubtOfArrival, persistenceOf, silenceOf, stampReason } from '../clues/silence.js';

// TCP option kinds (RFC 2385, RFC 5925)
const MD5 = 19;
const AO = 29;
/** BGP, LDP, MSDP: where peers sign their segments. */
const SIGNED_PORTS: ReadonlySet<number> = new Set([179, 639, 646]);

export const md5AoMismatchDrop: Cause = {
  id: 'md5-ao-mismatch-drop',
  title: 'TCP MD5 or TCP-AO: the ends disagree about the key',
  where: 'the peer',
  mechanism: `A listener can demand that segments of a certain peer carry a signature (TCP_MD5SIG, or TCP_AO_ADD_KEY since 6.7), as BGP routers
    do. tcp_inbound_hash() drops in silence whatever does not fit: a segment without the option although there is a key, one with the option
    although there is none, and one with a wrong hash. There is no reset, because an attacker should learn nothing. A NAT on the way breaks the
    signature as well: it covers the addresses and ports. A signed SYN also has no timestamps, because the options do not leave room for them.`,
  explains: [
    explain(synUnanswered, ({ syns }, given) => {
      const { endpoint } = given.part;
      const silence = silenceOf(given);
      if (silence.answeredHere > 0) return undefined;
      const isMd5 = carries(endpoint.synOptionKinds, MD5);
      const isAo = carries(endpoint.synOptionKinds, AO);
      const isRouting = SIGNED_PORTS.has(given.peer.endpoint.port);
      const because = ['neither a reset nor an ICMP error came back: a wrong signature gets no answer', ...arrivalOf(silence)];
      const against = [...doubtOfArrival(silence, given), ...stampReason(silence)];
      if (isMd5 || isAo) because.push(`the SYN is signed (option ${isMd5 ? 'TCP MD5' : 'TCP-AO'}): a listener without that key ignores it`);
      else if (isRouting) because.push(`port ${given.peer.endpoint.port} is one where peers sign, and the SYN is not signed`);
      else against.push(`the SYN is not signed, and port ${given.peer.endpoint.port} is not one where peers usually sign`);
      if (isMd5 || isAo || isRouting) because.push(...persistenceOf(silence, syns));
      return { certainty: 'possible', because, against };
    }),
  ],
  counters: [
    'TcpExtTCPMD5NotFound',
    'TcpExtTCPMD5Unexpected',
    'TcpExtTCPMD5Failure',
    'TcpExtTCPAORequired',
    'TcpExtTCPAOKeyNotFound',
    'TcpExtTCPAOBad',
  ],
  dropReasons: ['TCP_MD5NOTFOUND', 'TCP_MD5UNEXPECTED', 'TCP_MD5FAILURE', 'TCP_AONOTFOUND', 'TCP_AOUNEXPECTED', 'TCP_AOKEYNOTFOUND', 'TCP_AOFAILURE'],
  facts: [
    {
      proof: [
        ['TcpExtTCPMD5NotFound', 'TcpExtTCPMD5Unexpected', 'TcpExtTCPMD5Failure', 'TcpExtTCPAORequired', 'TcpExtTCPAOKeyNotFound', 'TcpExtTCPAOBad'],
      ],
    },
  ],
  confirm: [
    {
      run: "nstat -az | grep -E 'TCPMD5|TCPAO'; sleep 10; nstat -z | grep -E 'TCPMD5|TCPAO'",
      expect: 'on the server: NotFound rises when the option is missing, Unexpected when the key is, Failure when the passwords differ',
    },
    { run: "dmesg | grep -E 'MD5|TCP.AO'", expect: '"MD5 Hash not found", "MD5 Hash failed" or the like, with both addresses' },
    { run: "tcpdump -nvi any -M PASSWORD 'tcp port PORT'", expect: '"md5 valid", "md5 invalid", or no md5 option at all in the SYN' },
  ],
  remedy: [
    'Give both ends the same key, or none; a key belongs to a peer address, so the session must come from the address that is configured.',
    'Take NAT out of the path of signed sessions.',
  ],
  avoid: ['Clearing the session again and again: the SYNs are dropped before any process sees them, and no log of the daemon will tell.'],
  mimics: [
    { cause: 'gtsm-min-ttl-drop', tell: 'there TcpExtTCPMinTTLDrop rises: the SYN comes from too many hops away' },
    { cause: 'host-netfilter-drop', tell: 'there a rule counts the packets, and no counter of TCP moves' },
  ],
  sources: ['RFC 2385', 'RFC 5925', 'net/ipv4/tcp.c: tcp_inbound_hash, tcp_inbound_md5_hash', 'net/ipv4/tcp_ao.c: tcp_inbound_ao_hash'],
  capture: 'path/syns-dropped-because-md5-is-missing',
};

/** Option kinds are packed five bits each, the first six of them. Linux writes the signature first. */
function carries(kinds: number, kind: number): boolean {
  for (let rest = kinds; rest > 0; rest = Math.floor(rest / 32)) if (rest % 32 === kind) return true;
  return false;
}
