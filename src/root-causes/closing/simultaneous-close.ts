import { simultaneousClose as finsCrossed } from '../../patterns/closing/simultaneous-close.js';
import { type Cause, explain } from '../cause.js';

export const simultaneousClose: Cause = {
  id: 'simultaneous-close',
  title: 'Both ends closed at the same moment',
  where: 'this end',
  isBenign: true,
  mechanism: `Both applications called close() before the FIN of the other one had arrived. Each kernel gets a FIN that does not acknowledge its own:
    tcp_fin() moves from FIN_WAIT1 to CLOSING, the ACK of the own FIN moves on to TIME_WAIT. Both ends therefore keep a TIME_WAIT, where otherwise
    only the first to close has one. Nothing is lost and nobody notices.`,
  explains: [
    explain(finsCrossed, () => ({
      certainty: 'likely',
      because: ['neither FIN acknowledges the other: each was sent before the other one had arrived'],
    })),
  ],
  counters: ['TcpExtTW'],
  facts: [{ sockets: (sockets) => sockets.in('CLOSING') }],
  confirm: [
    { run: 'ss -tan state time-wait', expect: 'for a minute: the connection on both hosts' },
    {
      run: 'perf trace -e sock:inet_sock_set_state',
      expect: 'TCP_FIN_WAIT1 to TCP_CLOSING, then TCP_CLOSE, which is how the tracepoint shows TIME_WAIT',
    },
  ],
  remedy: ['Nothing. It is one of the ways in which RFC 9293 lets a connection end.'],
  avoid: ['Looking for a fault because a server shows TIME_WAITs of connections that its clients close: some closes simply cross.'],
  sources: ['RFC 9293 section 3.6 (figure 13)', 'net/ipv4/tcp_input.c: tcp_fin, tcp_rcv_state_process'],
  capture: 'closing/both-close-at-once',
};
