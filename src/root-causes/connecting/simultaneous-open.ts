import { ACK } from '../../decode/flags.js';
import { simultaneousOpen as pattern } from '../../patterns/connecting/simultaneous-open.js';
import { type Cause, explain } from '../cause.js';

export const simultaneousOpen: Cause = {
  id: 'simultaneous-open',
  title: 'Two SYNs crossed: both ends connected at once',
  where: 'this end',
  isBenign: true,
  mechanism: `Nothing is wrong. Both programs called connect() towards each other, each from the port that the other one asked for. A socket in
    SYN_SENT that receives a SYN goes to SYN_RECV and answers with a SYN-ACK that repeats its own sequence number (tcp_rcv_synsent_state_process);
    the two SYN-ACKs make both ESTABLISHED. One connection comes about, and neither end has a listener. Peer-to-peer programs do so to get through
    two NATs ("hole punching").`,
  explains: [
    explain(pattern, (_, { story }) => {
      const because = ['each end sent a SYN without having seen the one of the other'];
      const bothAnswered = story.parts.every(({ syns }) => syns.some(({ flags }) => flags & ACK));
      if (bothAnswered) because.push('each then sent a SYN-ACK, with the sequence number of its own SYN');
      const isOpen = story.isOpenedByClient && story.isOpenedByServer;
      if (isOpen) because.push('both use the connection');
      return { certainty: 'certain', because, against: isOpen ? [] : ['neither end has used the connection in this capture'] };
    }),
  ],
  confirm: [
    {
      run: 'ss -tanp src ADDRESS and dst ADDRESS',
      expect: 'on either end: the socket belongs to a program that called connect(), and no listener has that port',
    },
    { run: 'strace -f -e trace=bind,connect,listen -p PID', expect: 'bind() to a fixed port, then connect(); no listen()' },
  ],
  remedy: ['Nothing. TCP has provided for this from the beginning (RFC 9293 section 3.5).'],
  avoid: ['Firewall rules that drop a SYN from a host to which a SYN was just sent: they break exactly this.'],
  mimics: [
    { cause: 'syn-lost-on-path', tell: 'there all SYNs come from one end' },
    { cause: 'network-duplicates', tell: 'SYN-ACKs that cross are reported as received twice (DSACK): here no network has doubled anything' },
  ],
  sources: ['RFC 9293 section 3.5, figure 8', 'net/ipv4/tcp_input.c: tcp_rcv_synsent_state_process'],
  capture: 'handshake/both-open-at-once',
};
