import { countText } from '../../hosts/wording.js';
import { optionsWithheld } from '../../patterns/connecting/options-withheld.js';
import { lossRepaired } from '../../patterns/loss/loss-repaired.js';
import { resentNeedlessly } from '../../patterns/loss/resent-needlessly.js';
import { retransmissionTimeout } from '../../patterns/loss/retransmission-timeout.js';
import type { Story } from '../../patterns/story.js';
import { type Cause, explain } from '../cause.js';

export const sackUnavailableSlowRecovery: Cause = {
  id: 'sack-unavailable-slow-recovery',
  title: 'No SACK in this connection: losses are repaired one in each round trip',
  where: 'this end',
  mechanism: `SACK holds for a connection only if both SYNs carry SACK-permitted. Without it duplicate ACKs say that something is missing, not what:
    after three of them tcp_fastretrans_alert() starts a NewReno recovery (tcp_is_reno()) that sends one segment again in each round trip, guided by
    partial ACKs, and a loss among those falls to the timer. When that fires, tcp_enter_loss() takes all that is under way for lost, what has arrived
    included. Tail loss probes and RACK need SACK as well, so that a lost tail always costs a timeout.
    The option is missing because net.ipv4.tcp_sack is 0 at one end, because a box on the path strips it, or because a SYN cookie had no timestamp to
    keep it in.`,
  explains: [
    explain(lossRepaired, ({ resends, hasSack, isOneSided }, { story, alsoShows }) => {
      if (hasSack || isOneSided || hasBlocks(story)) return undefined;
      const [offer, answer] = [story.client.endpoint, story.server.endpoint];
      const because = [`${countText(resends, 'segment')} sent again after duplicate ACKs that name nothing`];
      if (!offer.hasOffer || !answer.hasOffer)
        return {
          certainty: 'possible',
          because,
          against: [UNKNOWN],
        };
      because.push(missing(story));
      const timeouts = alsoShows(retransmissionTimeout)?.resends ?? 0;
      if (timeouts > 0) because.push(`${countText(timeouts, 'segment')} had to wait for the timer`);
      return { certainty: 'certain', because };
    }),
    explain(resentNeedlessly, ({ behindLoss }, { story }) => {
      if (behindLoss === 0) return undefined;
      const because = [`${countText(behindLoss, 'segment')} that had arrived came behind a lost one: the timer sent everything again`];
      const [offer, answer] = [story.client.endpoint, story.server.endpoint];
      if (offer.hasOffer && answer.hasOffer) return { certainty: 'certain', because: [...because, missing(story)] };
      return { certainty: 'possible', because, against: [UNKNOWN] };
    }),
    explain(optionsWithheld, ({ missing: options, onlyMss }, { alsoShows }) => {
      const hasLost = alsoShows(lossRepaired) !== undefined || alsoShows(retransmissionTimeout) !== undefined;
      if (!options.includes('SACK') || (!hasLost && options.length > 1)) return undefined; // what is missing besides matters more
      const against: string[] = [];
      if (!hasLost) against.push('no loss in this connection: the missing option has cost nothing');
      if (onlyMss) against.push('other options are missing as well, as after a SYN cookie');
      return { certainty: 'possible', because: ['the client offered SACK, and the SYN-ACK does not take it up'], against };
    }),
  ],
  sysctls: ['net.ipv4.tcp_sack', 'net.ipv4.tcp_syncookies', 'net.ipv4.tcp_timestamps'],
  counters: ['TcpExtTCPRenoRecovery', 'TcpExtTCPRenoFailures', 'TcpExtTCPRenoReorder', 'TcpExtTCPTimeouts'],
  facts: [{ shows: ['TcpExtTCPRenoRecovery'], quotes: ['net.ipv4.tcp_sack'] }],
  confirm: [
    { run: 'sysctl net.ipv4.tcp_sack', expect: '= 0 at the end whose SYN or SYN-ACK lacks the option; if both say 1, a box on the path strips it' },
    {
      run: "tcpdump -nvr FILE 'tcp[tcpflags] & tcp-syn != 0'",
      expect: 'at each end: a SYN that has sackOK where it leaves and not where it arrives was changed on the way',
    },
    { run: 'ss -ti dst PEER', expect: 'the word sack is missing in the line of the connection' },
    {
      run: 'nstat -n; sleep 10; nstat -z TcpExtTCPRenoRecovery TcpExtTCPSackRecovery',
      expect: 'on the sender: RenoRecovery rises and SackRecovery does not',
    },
  ],
  remedy: [
    'Set net.ipv4.tcp_sack = 1, the default, on the host that has turned it off.',
    'Take the box that strips the option out of the path, or turn its "TCP normalisation" off.',
    'If SYN cookies are the reason, keep net.ipv4.tcp_timestamps = 1 on the clients, and give the listener a larger backlog.',
  ],
  avoid: [
    'net.ipv4.tcp_sack = 0 against the SACK panic of 2019 (CVE-2019-11477): kernels have been repaired since, and every loss costs more.',
    'net.ipv4.tcp_fack: it has done nothing since 4.15.',
  ],
  mimics: [
    { cause: 'sack-fast-recovery-loss', tell: 'the same losses with SACK: all of a window are repaired in one round trip' },
    { cause: 'syncookies-in-use', tell: 'there other connections to the same listener do get the option' },
    { cause: 'window-scaling-missing', tell: 'often missing together; that one limits the throughput even without any loss' },
  ],
  sources: [
    'RFC 2018 section 2',
    'RFC 6582',
    'Documentation/networking/ip-sysctl.rst: tcp_sack',
    'net/ipv4/tcp_input.c: tcp_fastretrans_alert, tcp_add_reno_sack',
  ],
  capture: 'transfer/lost-without-sack',
};

const UNKNOWN = 'the options of the handshake were not captured: whether SACK was agreed on is not known';

/** A SACK block in either direction: it was agreed on, whether that was captured or not. */
function hasBlocks({ moments }: Story): boolean {
  return moments.some(({ sack }) => sack.length > 0);
}

function missing({ client, server }: Story): string {
  if (client.endpoint.sackPermitted) return 'the SYN offered SACK, the SYN-ACK did not take it up';
  return server.endpoint.sackPermitted ? 'the SYN lacks SACK-permitted' : 'neither SYN nor SYN-ACK carries SACK-permitted';
}
