import type { Sysctl } from './sysctl.js';

/** From connect() and the SYN to accept(). */
export const connecting: readonly Sysctl[] = [
  {
    name: 'net.ipv4.tcp_syn_retries',
    meaning: `How often an unanswered SYN is sent again before connect() fails with ETIMEDOUT, at doubling intervals. Since 6.5 as many as
      net.ipv4.tcp_syn_linear_timeouts come before these, a second apart. At most 127.`,
    unit: 'retransmissions',
    defaults: [
      { value: '6', since: '3.7' },
      { value: '5', before: '3.7' },
    ],
    scope: 'namespace',
    side: 'client',
    socketOption: 'TCP_SYNCNT',
    symptom: `SYNs at 0, 1, 3, 7, 15, 31 and 63 s and an error at 127 s; since 6.5 at 0, 1, 2, 3, 4, 5, 7, 11, 19, 35 and 67 s and an error at 131
      s.`,
    truth: `"5 means 180 s" was true up to 3.0, whose first timeout was 3 s. It has nothing to do with incoming connections: their SYN-ACKs follow
      net.ipv4.tcp_synack_retries. A value of 1 or 2 for the whole host turns a few lost packets into a failed connect(); give the one application a
      timeout of its own, or TCP_SYNCNT.`,
    causes: ['syn-unanswered-blackhole', 'syn-lost-on-path', 'client-abandoned-connect'],
  },
  {
    name: 'net.ipv4.tcp_syn_linear_timeouts',
    meaning: 'How many retransmissions of a SYN are a second apart before the intervals double. They come on top of net.ipv4.tcp_syn_retries.',
    unit: 'retransmissions',
    defaults: [{ value: '4' }],
    since: '6.5',
    scope: 'namespace',
    side: 'client',
    symptom: 'SYNs at 0, 1, 2, 3, 4 and 5 s. With net.ipv4.tcp_syn_retries = 3 there are seven repeats, not three.',
    causes: ['syn-unanswered-blackhole', 'syn-lost-on-path'],
  },
  {
    name: 'net.ipv4.tcp_synack_retries',
    meaning: `How often the SYN-ACK of a half-open connection is sent again by its timer before the request is forgotten. When the queue of requests
      is more than half full the kernel repeats less often, but at least twice. A repeated SYN is answered besides.`,
    unit: 'retransmissions',
    defaults: [{ value: '5' }],
    scope: 'namespace',
    side: 'server',
    symptom: 'SYN-ACKs at 0, 1, 3, 7, 15 and 31 s; the request is gone after 63 s.',
    truth: `5 is one minute, not three: 180 s belongs to kernels up to 3.0. The value 1 of hardening guides makes one lost ACK fatal for clients on
      lossy paths, and against a SYN flood it is pointless, because SYN cookies need no queue at all.`,
    causes: ['third-ack-or-synack-lost', 'syn-flood-half-open', 'accept-queue-overflow-ack-ignored'],
  },
  {
    name: 'net.ipv4.tcp_max_syn_backlog',
    meaning: `Only with net.ipv4.tcp_syncookies = 0: the last quarter of this number of requests is kept for clients that have connected before.
      Read with each SYN since 4.3.`,
    unit: 'requests',
    defaults: [{ value: 'entries of the connection hash / 128, at least 128' }],
    scope: 'namespace',
    side: 'server',
    symptom: 'None with SYN cookies on. With cookies off SYNs of new clients are ignored although requests are still accepted from others.',
    truth: `It is not the length of the SYN queue: that is the backlog that the application passed to listen(), capped by net.core.somaxconn.
      Raising this alone changes nothing, and TCP_SYNQ_HSIZE, which old guides recompile, is gone.`,
    causes: ['syn-queue-full-drop', 'syn-flood-half-open'],
  },
  {
    name: 'net.ipv4.tcp_syncookies',
    meaning: `What happens when the queue of half-open requests is full: 1 answers with a SYN cookie, a sequence number that holds what is needed,
      and keeps no request; 0 ignores the SYN; 2 always sends cookies, for tests.`,
    unit: '0 off, 1 when the queue is full, 2 always',
    defaults: [{ value: '1' }],
    scope: 'namespace',
    side: 'server',
    symptom: 'The SYN-ACK is never repeated. For clients without timestamps it carries nothing but the MSS: no SACK, no window scale.',
    truth: `Cookies do not switch the extensions off for clients with timestamps, which keep them; they make no loss wait longer and have nothing to
      do with TIME_WAIT. They are no cure for overload either: a listener that needs them every day has too short a backlog or a slow application.`,
    causes: ['syncookies-in-use', 'syncookie-phantom-connection', 'syncookie-ack-rejected', 'syn-queue-full-drop', 'window-scaling-missing'],
  },
  {
    name: 'net.ipv4.tcp_abort_on_overflow',
    meaning: `What happens to the ACK that completes a handshake while the accept queue is full: 0 drops it, and the client may succeed with a later
      one; 1 resets the client. SYNs that find the queue full are ignored either way, and so are ACKs to SYN cookies.`,
    unit: '0 or 1',
    defaults: [{ value: '0' }],
    scope: 'namespace',
    side: 'server',
    symptom: 'With 1: SYN, SYN-ACK, ACK, and at once a reset without ACK flag, window 0.',
    truth: 'Setting it to 1 to find out whether the queue overflows costs connections; TcpExtListenOverflows tells it for nothing.',
    causes: ['accept-queue-overflow-abort', 'accept-queue-overflow-ack-ignored'],
  },
  {
    name: 'net.core.somaxconn',
    meaning: `The cap on the backlog that an application passes to listen(). The accept queue holds one connection more than that. A change takes
      effect at the next listen().`,
    unit: 'connections',
    defaults: [
      { value: '4096', since: '5.4' },
      { value: '128', before: '5.4' },
    ],
    scope: 'namespace',
    side: 'server',
    symptom: 'SYNs and final ACKs that are ignored in bursts, while connections in the queue are fine.',
    truth: `Raising it does nothing for an application that asks for less: nginx and Apache ask for 511, Tomcat for 100, unless told otherwise. A
      longer queue only buys time: nobody accepts faster because of it.`,
    causes: ['syn-dropped-accept-queue-full', 'accept-queue-overflow-ack-ignored', 'accept-queue-overflow-abort', 'syncookies-in-use'],
  },
  {
    name: 'net.ipv4.tcp_migrate_req',
    meaning: `When a listening socket of a SO_REUSEPORT group is closed, hand its queued connections and requests to another socket of the group
      instead of resetting them.`,
    unit: '0 or 1',
    defaults: [{ value: '0' }],
    since: '5.14',
    scope: 'namespace',
    side: 'server',
    symptom: 'With 0: when a worker restarts, connections that it had not accepted yet are reset in the same instant.',
    truth: `It needs SO_REUSEPORT and a listener that stays. A BPF program of the type SK_REUSEPORT can choose the heir even with 0. A single
      listener is better served by keeping its socket open across the restart (socket activation).`,
    causes: ['listener-closed-pending-reset'],
  },
  {
    name: 'net.ipv4.tcp_fastopen',
    meaning: `TCP Fast Open, a sum of bits: 1 lets clients send data in the SYN, 2 lets servers take it on sockets that set TCP_FASTOPEN, 0x400 on
      all listeners, 4 and 0x200 do without the cookie.`,
    unit: 'bits',
    defaults: [
      { value: '1', since: '3.13' },
      { value: '0', before: '3.13' },
    ],
    since: '3.6',
    scope: 'namespace',
    side: 'either',
    symptom: 'Option 34 in SYNs; where a middlebox drops it, a plain SYN without data follows a second later.',
    truth: `2 does not switch it on for servers: the listener must set TCP_FASTOPEN as well, or the value must contain 0x400. The name in some
      guides, tcp_fastopn, does not exist.`,
    causes: ['tfo-blackhole-or-rejected'],
  },
  {
    name: 'net.ipv4.tcp_fastopen_blackhole_timeout_sec',
    meaning: `For how long this host stops sending data in SYNs after a connection with Fast Open found a middlebox that does not let it pass. The
      time doubles with each further occurrence. 0 never stops.`,
    unit: 'seconds',
    defaults: [
      { value: '0', since: '5.14' },
      { value: '3600', before: '5.14' },
    ],
    since: '4.12',
    scope: 'namespace',
    side: 'client',
    symptom: 'SYNs that lose option 34 for an hour after one failure, to all servers.',
    causes: ['tfo-blackhole-or-rejected'],
  },
  {
    name: 'net.ipv4.ip_local_port_range',
    meaning: `From which ports connect() chooses when the application has not bound one. Since 4.2 connect() takes ports of one parity first and
      bind() to port 0 those of the other.`,
    unit: 'two port numbers',
    defaults: [
      { value: '32768 60999', since: '4.2' },
      { value: '32768 61000', before: '4.2' },
    ],
    scope: 'namespace',
    side: 'client',
    socketOption: 'IP_LOCAL_PORT_RANGE',
    symptom: 'None: when no port is left for a destination connect() fails with EADDRNOTAVAIL and no SYN leaves.',
    truth: `A range from 1024 lets outgoing connections take the ports of services that are not running yet: list those in
      net.ipv4.ip_local_reserved_ports. Begin and end should differ in parity. The limit holds for each destination address and port, not for the
      host.`,
    causes: ['ephemeral-ports-exhausted', 'tw-reuse-outgoing'],
  },
  {
    name: 'net.ipv4.ip_local_reserved_ports',
    meaning: `Ports that connect() and bind() to port 0 leave out, so that services find them free when they start. Binding them by number is
      allowed.`,
    unit: 'list of ports and ranges',
    defaults: [{ value: 'empty' }],
    scope: 'namespace',
    side: 'client',
    symptom: 'None.',
    causes: ['ephemeral-ports-exhausted'],
  },
];
