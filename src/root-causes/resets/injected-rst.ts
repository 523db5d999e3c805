import { countText, durationText } from '../../hosts/wording.js';
import { aborted } from '../../patterns/resets/aborted.js';
import { foreignReset } from '../../patterns/resets/foreign-reset.js';
import { resetAnswered } from '../../patterns/resets/reset-answered.js';
import { resetRefused } from '../../patterns/resets/reset-refused.js';
import { type ResetForm, resetForm } from '../../patterns/story.js';
import { type Case, type Cause, explain, type Weight } from '../cause.js';
import { lastBefore, originOf } from '../clues/origin.js';

export const injectedRst: Cause = {
  id: 'injected-rst',
  title: 'The reset was not sent by the host whose address it carries',
  where: 'the path',
  mechanism: `A box that sees both directions can end a connection in the name of either end: firewalls and intrusion prevention when a rule matches,
    load balancers when a backend is removed, filters of providers and states. Linux cannot tell: tcp_reset() believes any reset whose sequence number
    is exactly the next one. But the box sits at another distance and counts its own IP IDs, so that TTL and IP ID do not continue those of the peer;
    it often sends several with stepped sequence numbers, to hit the right one; and the peer, which knows nothing of it, goes on sending until a reset
    reaches it in turn.`,
  explains: [
    explain(resetRefused, ({ resets, looksForeign }, { part, peer, looks }) => {
      if (!looksForeign) return undefined;
      const signs = peer.resets
        .filter(({ frame }) => part.endpoint.refusedResets.includes(frame))
        .flatMap((reset) => originOf(reset, peer, looks(peer).isLinux).signs);
      const because = [`TTL or IP ID of ${countText(resets, 'reset')} do not continue those of the alleged sender`, ...signs.slice(0, 1)];
      return { certainty: 'likely', because };
    }),
    explain(resetAnswered, (_, given) => byForm(given, 'answer')),
    explain(aborted, (_, given) => byForm(given, 'active')),
    explain(foreignReset, ({ bothWays }, given) => {
      const weight = byForm(given, 'foreign') ?? byForm(given, 'answer'); // over IPv6 only the hop limit gives it away
      const tooSoon = soonerThanPossible(given);
      if (weight === undefined && tooSoon === undefined && !bothWays) return undefined;
      const because = [...(weight?.because ?? []), ...(tooSoon === undefined ? [] : [tooSoon])];
      if (bothWays) because.push('each end was reset in the name of the other: no end does that');
      return { certainty: because.length > 1 || weight?.certainty === 'likely' ? 'likely' : 'possible', because };
    }),
  ],
  counters: ['TcpEstabResets', 'TcpExtTCPChallengeACK'],
  facts: [{ at: 'the end that resets', still: ['TcpOutRsts'] }],
  confirm: [
    {
      run: "tcpdump -nvi any 'tcp[tcpflags] & tcp-rst != 0 and port PORT'",
      expect: 'on the host that is said to have sent it: the reset does not show up leaving it. Compare ttl and id with the packets around it',
    },
    { run: 'nstat -n; sleep 10; nstat -z TcpOutRsts', expect: 'on that host: does not move when such a reset appears' },
    { run: 'perf trace -e tcp:tcp_receive_reset', expect: 'on the host that is reset: the moment and the connection' },
    {
      run: 'traceroute -T -p PORT PEER',
      expect: 'from where the reset arrived: 64 (or 128, 255) less its TTL is the number of the hop that sent it, or of one next to it',
    },
  ],
  remedy: [
    'Ask the owner of that box why: its log names the rule (idle timeout, content, application, quota).',
    'For an idle timeout, use keep-alive below it; for a security rule, have it changed; when a load balancer drains, connect again.',
    'Across networks that nobody can ask, take the payload out of their sight: TLS, IPsec or WireGuard.',
  ],
  avoid: [
    'Dropping incoming resets with a packet filter: real ones are needed, and the peer is reset as well.',
    'Blaming the application of the peer: its host never sent that packet.',
  ],
  mimics: [
    { cause: 'stale-connection-reset-after-peer-reboot', tell: 'there TTL and form are those of the host itself' },
    { cause: 'firewall-reject-rst', tell: 'there a rule of a packet filter answers a SYN or a segment, often on the host itself' },
    { cause: 'rst-challenged-not-accepted', tell: 'what became of it, when the number was not the right one' },
    { cause: 'conntrack-invalid-reset', tell: 'there a real end sends it, because a segment came to it with the wrong address' },
  ],
  sources: ['RFC 5961 section 3', 'RFC 3360', 'net/ipv4/tcp_input.c: tcp_validate_incoming, tcp_reset'],
  capture: 'path/reset-injected-on-the-way',
};

function byForm({ part, looks }: Case, form: ResetForm): Weight | undefined {
  const reset = part.resets.find((one) => resetForm(one, part) === form);
  const { signs, hasOtherTtl } = reset === undefined ? { signs: [], hasOtherTtl: false } : originOf(reset, part, looks(part).isLinux);
  if (signs.length === 0) return undefined;
  if (hasOtherTtl || signs.length > 1) return { certainty: 'likely', because: signs };
  return {
    certainty: 'possible',
    because: signs,
    against: ['it is the only sign, and segments can overtake a reset'],
  };
}

/** A reset that follows a segment, and whose alleged sender is too far away to have seen that segment. */
function soonerThanPossible({ part, peer }: Case): string | undefined {
  const [reset] = part.resets;
  const before = reset && lastBefore(reset, peer);
  if (before === undefined || part.delay === 0) return undefined;
  const after = reset.time - before.time;
  return after * 4 < part.delay
    ? `it came ${durationText(after)} after a segment of the other end, which its alleged sender gets only after ${durationText(part.delay)}`
    : undefined;
}
