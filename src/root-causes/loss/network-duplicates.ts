import { countText } from '../../hosts/wording.js';
import { simultaneousOpen } from '../../patterns/connecting/simultaneous-open.js';
import { packetsDuplicated } from '../../patterns/loss/packets-duplicated.js';
import { type Case, type Cause, explain, type Weight } from '../cause.js';
import { unprovokedAcks } from '../clues/unprovoked-acks.js';

/** One report can have many reasons. */
const FEW = 2;

export const networkDuplicates: Cause = {
  id: 'network-duplicates',
  title: 'Something on the way doubles packets',
  where: 'the path',
  mechanism: `The sender sent the segment once, and it arrives twice: same IP ID, same timestamps, same bytes. Linux gives each packet of a connection
    a new IP ID, a repetition included, so that the copy was made on the way. tcp_validate_incoming() or tcp_data_queue() drops it as old and reports
    it with a D-SACK (tcp_dsack_set()). The sender, which has repeated nothing, finds nothing to undo; since 5.10 tcp_dsack_seen() leaves such reports
    out of account. The data is safe, the load is doubled.`,
  explains: [
    explain(packetsDuplicated, ({ copies, numbered, reported }, given) => {
      if (given.alsoShows(simultaneousOpen) !== undefined) return undefined; // both ends sent their SYN twice, once as a SYN-ACK
      return copies > 0 ? weighCopies(copies, numbered, given) : weighReports(reported, given);
    }),
  ],
  sysctls: ['net.ipv4.tcp_dsack'],
  counters: ['TcpExtTCPDSACKOldSent', 'TcpExtTCPDSACKOfoSent', 'TcpExtTCPDSACKRecv', 'TcpExtTCPDSACKIgnoredNoUndo', 'TcpExtTCPDSACKIgnoredDubious'],
  dropReasons: ['TCP_OLD_DATA', 'TCP_OLD_SEQUENCE'],
  facts: [
    { at: 'this end', still: ['TcpRetransSegs'] },
    { at: 'the peer', quotes: ['TcpExtTCPDSACKOldSent'] },
  ],
  confirm: [
    {
      run: "tcpdump -nvi IF 'host PEER and port PORT'",
      expect: 'on the receiver, on one physical interface (not any): each packet twice, with the same id',
    },
    {
      run: 'nstat -n; sleep 10; nstat -z TcpExtTCPDSACKRecv TcpRetransSegs',
      expect: 'on the sender: DSACKRecv rises and RetransSegs does not',
    },
    {
      run: 'bridge -d link; cat /proc/net/bonding/bond0; tc filter show dev IF ingress',
      expect: 'on the hosts: a broadcast bond, two paths in one bridge without STP, or a mirred mirror rule',
    },
  ],
  remedy: [
    'Find where one becomes two: a loop, a bond in broadcast mode, a mirror port that feeds back, HSR or PRP left open, a tc mirred rule.',
    'Compare captures hop by hop: the first one that shows the packet twice is behind it.',
  ],
  avoid: [
    'Calling them retransmissions: the sender sent nothing twice, and no loss needs a cure.',
    'net.ipv4.tcp_dsack = 0: it only stops the reports.',
  ],
  mimics: [
    { cause: 'capture-any-duplicates', tell: 'there the two copies differ in interface or TTL, and the receiver reports nothing' },
    { cause: 'reordering-spurious-retransmit', tell: 'there the sender did send it again, with another IP ID' },
    { cause: 'ack-path-loss', tell: 'there the sender did send it again, by its timer' },
    { cause: 'out-of-window-dupack-loop', tell: 'there duplicate ACKs come without D-SACK as well' },
  ],
  sources: ['RFC 2883 section 5.1', 'RFC 6864 section 4.2', 'net/ipv4/tcp_input.c: tcp_dsack_set, tcp_data_queue, tcp_check_dsack'],
  capture: 'path/packets-doubled-by-the-network',
};

const NUMBERED = ' with the same IP ID, which a sender does not use again so soon';
const UNNUMBERED = ', byte by byte the same, too soon or with too old a timestamp to have been sent again';

/** The copies themselves are in the capture. */
function weighCopies(copies: number, numbered: number, { story, part, looks }: Case): Weight {
  const isNumbered = numbered > 0;
  const ofThem = numbered < copies ? `, ${numbered} of them` : '';
  const because = [`${countText(copies, 'packet')} came twice${isNumbered ? `${ofThem}${NUMBERED}` : UNNUMBERED}`];
  if (isNumbered && looks(part).isLinux) because.push('its sender looks like Linux, which counts the IP ID up with each packet of a connection');
  const against: string[] = [];
  if (story.flow.captureCopies > 0) against.push('the capture itself holds packets twice');
  if (!isNumbered) against.push('there is no IP ID that would tell a copy from a repetition');
  if (story.isAt(part)) against.push('captured where they were sent: they are doubled on that host, or by the capture');
  return { certainty: against.length === 0 ? 'certain' : 'likely', because, against };
}

/** Only the receiver says so. */
function weighReports(reported: number, given: Case): Weight | undefined {
  const { story, part } = given;
  if (reported <= FEW && unprovokedAcks(given).length > 0) return undefined; // the receiver answers other things that this end has not sent
  const because = [`the receiver reported ${countText(reported, 'segment')} by D-SACK, and this end has repeated none`];
  if (reported > FEW) because.push('it happened again and again');
  const against: string[] = [];
  if (!part.endpoint.hasSyn) against.push('the beginning was not captured: it may have been repeated before');
  if (reported <= FEW) against.push('a repetition that the capture missed would look the same');
  if (story.vantage === 'unknown') against.push('where this was captured is not known');
  return { certainty: against.length === 0 ? 'likely' : 'possible', because, against };
}
