"""SYNs that are refused, rejected or dropped on arrival."""

import socket
import struct

from driver.scenario import scenario
from driver.segment import SYN
from driver.sockets import PORT, error_of, read

SYN_RETRIES, LINEAR = 'net.ipv4.tcp_syn_retries', 'net.ipv4.tcp_syn_linear_timeouts'
CLOSED_PORT = 5999
TCP_MD5SIG = 14
KEY = b'secret'


def try_to_connect(lab, timeout, **more):
    lab.note(f'connect: {error_of(lambda: lab.connect(timeout=timeout, **more))}')
    lab.wait(0.1)


@scenario('handshake/refused-because-port-is-closed', 'Nobody listens: a reset answers the SYN.', network='wire', delay=0.005)
def port_closed(lab):
    try_to_connect(lab, 5, port=CLOSED_PORT)


@port_closed.proves
def _(proof):
    proof.reset_sent('s', 'NO_SOCKET')
    proof.dropped('NO_SOCKET', 's')
    proof.entered('c', 'SYN_SENT', 'CLOSE')


@scenario(
    'handshake/refused-until-service-starts',
    'IPv6, a round trip of 80 ms: three attempts come before the service listens, the fourth comes after.',
    network='wire',
    delay=0.04,
    v6=True,
)
def refused_until_started(lab):
    for _ in range(3):
        try_to_connect(lab, 3, port=8000)
        lab.wait(0.2)
    listener = lab.listen(port=8000)
    lab.close_pair(lab.connect(port=8000), lab.accept(listener))


@refused_until_started.proves
def _(proof):
    proof.reset_sent('s', 'NO_SOCKET', 3)
    proof.noted('Connection refused')
    proof.entered('c', 'SYN_SENT', 'ESTABLISHED')


@scenario('handshake/refused-over-ipv6', 'IPv6: an ordinary exchange, then a closed port.', network='wire', delay=0.005, v6=True)
def refused_over_ipv6(lab):
    _, client, server = lab.pair()
    client.send(b'hello')
    read(server, 5)
    server.send(b'w' * 4000)
    read(client, 4000)
    lab.close_pair(client, server)
    try_to_connect(lab, 5, port=CLOSED_PORT)


@refused_over_ipv6.proves
def _(proof):
    proof.entered('c', 'FIN_WAIT1', 'FIN_WAIT2')
    proof.reset_sent('s', 'NO_SOCKET')


def dropped_at_server(lab, timeout):
    lab.listen()
    lab.drop_arriving('s', f'tcp dport {PORT}')
    try_to_connect(lab, timeout)


def unanswered(proof, retransmissions):
    proof.dropped('NETFILTER_DROP', 's', least=retransmissions + 1)
    proof.retransmitted('c', 'SYN_SENT', least=retransmissions, most=retransmissions)
    proof.counted('c', 'TcpExtTCPAbortOnTimeout')
    proof.failed('c', 'Connection timed out')


@scenario(
    'handshake/syn-unanswered-until-timeout',
    'SYNs are dropped on arrival, with defaults: four every second, then at doubled waits.',
    poll=0.1,
)
def unanswered_default(lab):
    dropped_at_server(lab, 300)


@unanswered_default.proves
def _(proof):
    unanswered(proof, 10)


@scenario(
    'handshake/syn-unanswered-with-three-retries',
    'SYNs are dropped on arrival, tcp_syn_retries=3: linear timeouts come on top, seven repetitions.',
    sysctls={'c': {SYN_RETRIES: 3}},
)
def unanswered_three(lab):
    dropped_at_server(lab, 60)


@unanswered_three.proves
def _(proof):
    unanswered(proof, 7)


@scenario(
    'handshake/syn-unanswered-without-linear-timeouts',
    'SYNs are dropped on arrival, tcp_syn_linear_timeouts=0 and tcp_syn_retries=3: the classic 1, 3 and 7 s.',
    sysctls={'c': {SYN_RETRIES: 3, LINEAR: 0}},
    poll=0.05,
)
def unanswered_classic(lab):
    dropped_at_server(lab, 60)


@unanswered_classic.proves
def _(proof):
    unanswered(proof, 3)


@scenario(
    'path/syns-dropped-by-rp-filter',
    'The server routes back to the client by another interface, and rp_filter is strict: SYNs arrive and are dropped.',
    sysctls={'s': {'net.ipv4.conf.all.rp_filter': 1, 'net.ipv4.conf.eth0.rp_filter': 1}},
)
def rp_filter(lab):
    lab.listen()
    other = f'10.{lab.network.subnet}.9.1/24'
    lab.hosts['s'].run('ip link add dm0 type veth peer name dm1 && ip link set dm0 up && ip link set dm1 up')
    lab.hosts['s'].run(f'ip addr add {other} dev dm0 && ip route add {lab.address("c")}/32 dev dm0')
    try_to_connect(lab, 3.5)


@rp_filter.proves
def _(proof):
    proof.dropped('IP_RPFILTER', 's')
    proof.counted('s', 'TcpExtIPReversePathFilter', 3)
    proof.seen('server', 'SYNs', lambda segment: segment.flags & SYN, least=3)


@scenario(
    'path/syns-dropped-because-md5-is-missing',
    'The server wants a TCP MD5 signature of this peer, the client does not sign: SYNs are dropped in silence.',
    network='wire',
    delay=0.005,
)
def md5_missing(lab):
    listener = lab.listen()
    peer = struct.pack('=HH', socket.AF_INET, 0) + socket.inet_aton(lab.address('c')) + b'\0' * 120
    listener.setsockopt(socket.IPPROTO_TCP, TCP_MD5SIG, peer + struct.pack('=BBHI', 0, 0, len(KEY), 0) + KEY.ljust(80, b'\0'))
    try_to_connect(lab, 2.5)


@md5_missing.proves
def _(proof):
    proof.dropped('TCP_MD5NOTFOUND', 's')
    proof.counted('s', 'TcpExtTCPMD5NotFound')


@scenario(
    'path/syns-unanswered-because-no-return-route',
    'The server has no route back to the client: SYNs arrive, SYN-ACKs cannot leave.',
    network='wrouter',
    delay=0.005,
)
def no_return_route(lab):
    lab.listen()
    lab.hosts['s'].run('ip route del default')
    try_to_connect(lab, 3.5)


@no_return_route.proves
def _(proof):
    proof.counted('s', 'IpOutNoRoutes')
    proof.counted('s', 'TcpExtListenDrops')
    proof.seen('server', 'SYNs', lambda segment: segment.flags & SYN, least=3)
