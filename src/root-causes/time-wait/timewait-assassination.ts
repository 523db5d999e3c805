import { durationText } from '../../hosts/wording.js';
import { timeWaitDisturbed } from '../../patterns/time-wait/time-wait-disturbed.js';
import { type Cause, explain, type Weight } from '../cause.js';
import { is } from '../testimony/sign.js';

export const timewaitAssassination: Cause = {
  id: 'timewait-assassination',
  title: 'A reset ends TIME_WAIT before its minute is over (RFC 1337)',
  where: 'this end',
  mechanism: `A leftover of the old connection, a delayed duplicate for example, reaches a socket in TIME_WAIT. tcp_timewait_state_process() answers
    with an ACK; the other end, which closed second and keeps no state, has no socket for that and answers with a reset. Its number is exactly the one
    that TIME_WAIT expects, and with the default net.ipv4.tcp_rfc1337 = 0 the kernel drops the TIME_WAIT. The two ports are then free for a new
    connection while duplicates of the old one may still be on their way. With 1 the reset is ignored; no packet shows which of the two it was.`,
  explains: [
    explain(timeWaitDisturbed, ({ delay, stray, wasProvoked }) => {
      if (!wasProvoked) return UNPROVOKED;
      return {
        certainty: 'likely',
        because: [
          stray === undefined
            ? `the end in TIME_WAIT acknowledged again ${durationText(delay)} after the close: something must have reached it`
            : `${stray} reached TIME_WAIT ${durationText(delay)} after the close`,
          'TIME_WAIT answered with an ACK, and the reset followed that ACK',
          EXACT,
        ],
      };
    }),
  ],
  sysctls: ['net.ipv4.tcp_rfc1337'],
  counters: ['TcpOutRsts'],
  facts: [{ needs: { 'net.ipv4.tcp_rfc1337': is('0') } }],
  confirm: [
    { run: 'sysctl net.ipv4.tcp_rfc1337', expect: '= 0: the reset ends TIME_WAIT; with 1 it is ignored' },
    { run: "ss -tan state time-wait 'sport = :PORT'", expect: 'the connection is missing, less than 60 s after its close' },
    { run: 'nstat -az TcpOutRsts; sleep 10; nstat -z TcpOutRsts', expect: 'on the other end: rises with each reset to an ACK out of TIME_WAIT' },
  ],
  remedy: [
    'Nothing, as a rule: with timestamps on both ends PAWS keeps old duplicates out of the next connection (leave net.ipv4.tcp_timestamps on).',
    'If the stray segments are many, look for their source: a path that delays or doubles packets, or a middlebox that replays them.',
    'net.ipv4.tcp_rfc1337 = 1 where ports are reused without timestamps; a SYN that TIME_WAIT does not accept is then refused for the whole minute.',
  ],
  avoid: [
    'Sending resets on purpose to get rid of TIME_WAITs: it is this accident as a method, and only 300 bytes are gained each time.',
    'Reading the documentation of tcp_rfc1337 the wrong way round: 1 protects TIME_WAIT, 0 gives it up.',
  ],
  mimics: [
    { cause: 'injected-rst', tell: 'there no ACK out of TIME_WAIT came before the reset, or its TTL differs' },
    { cause: 'timewait-syn-challenged', tell: 'there a SYN for a new connection is what TIME_WAIT answers, and the reset clears the way for it' },
  ],
  sources: ['RFC 1337', 'Documentation/networking/ip-sysctl.rst: tcp_rfc1337', 'net/ipv4/tcp_minisocks.c: tcp_timewait_state_process'],
  capture: 'closing/time-wait-ended-by-reset',
};

const EXACT = 'the reset carries exactly the number that TIME_WAIT expects';

const UNPROVOKED: Weight = {
  certainty: 'likely',
  because: [EXACT],
  against: ['no ACK out of TIME_WAIT came before it: a copy of the last ACK can have provoked it, or somebody has sent it for a reason of his own'],
};
