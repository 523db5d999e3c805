"""What is agreed in the handshake, and what boxes on the path make of it."""

import socket

from driver.scenario import scenario
from driver.segment import CWR, ECE, NO_OPERATION
from driver.sockets import PORT, read
from driver.wire import DROP

TCP_DEFER_ACCEPT, TCP_FASTOPEN = 9, 23
MSG_FASTOPEN = 0x20000000
FAST_OPEN = {'cs': {'net.ipv4.tcp_fastopen': 3}}
ECN = {'cs': {'net.ipv4.tcp_ecn': 1}}
WINDOW_SCALE = 3


def fast_open_twice(lab, before_second=None):
    """The first connection asks for a cookie, the second sends data with its SYN."""
    listener = lab.listen(options=[(socket.IPPROTO_TCP, TCP_FASTOPEN, 5)])
    listener.settimeout(8)
    for _ in range(2):
        client = lab.new_socket('c')
        lab.act('client sendto(MSG_FASTOPEN)')
        client.sendto(b'GET /tfo', MSG_FASTOPEN, (lab.address('s'), PORT))
        server = lab.accept(listener)
        read(server, 8)
        server.send(b'answer')
        read(client, 6)
        lab.close_pair(client, server)
        if before_second:
            lab.wire.policy = before_second


@scenario(
    'handshake/fast-open-works', 'TCP Fast Open: a cookie is asked for, then data comes with the SYN.', network='wire', delay=0.02, sysctls=FAST_OPEN
)
def fast_open(lab):
    fast_open_twice(lab)


@fast_open.proves
def _(proof):
    proof.counted('c', 'TcpExtTCPFastOpenActive')
    proof.counted('s', 'TcpExtTCPFastOpenPassive')


@scenario(
    'handshake/fast-open-syn-dropped',
    'A box drops SYNs with data: a plain SYN follows a second later.',
    network='wire',
    delay=0.02,
    sysctls=FAST_OPEN,
)
def fast_open_dropped(lab):
    fast_open_twice(lab, lambda segment: DROP if segment.syn and segment.length else None)


@fast_open_dropped.proves
def _(proof):
    proof.lost_on_the_wire()
    proof.counted('c', 'TcpExtTCPFastOpenActiveFail')
    proof.retransmitted('c', 'SYN_SENT')


@scenario('handshake/ecn-syn-dropped', 'A box drops SYNs that ask for ECN: one without follows.', network='wire', delay=0.01, sysctls=ECN)
def ecn_dropped(lab):
    lab.wire.policy = lambda segment: DROP if segment.syn and segment.flags & (ECE | CWR) else None
    _, client, server = lab.pair()
    client.send(b'x')
    read(server, 1)
    lab.close_pair(client, server)


@ecn_dropped.proves
def _(proof):
    proof.lost_on_the_wire()
    proof.retransmitted('c', 'SYN_SENT')
    proof.entered('c', 'SYN_SENT', 'ESTABLISHED')


@scenario(
    'path/congestion-marked-with-ecn',
    'ECN is agreed, the path marks every sixtieth segment: the sender slows down without loss.',
    network='wire',
    delay=0.01,
    snaplen=110,
    sysctls=ECN,
)
def marked(lab):
    _, client, server = lab.pair()
    count = [0]

    def mark(segment):
        if segment.direction == 'c2s' and segment.has_data:
            count[0] += 1
            if count[0] % 60 == 0 and segment.raw[15] & 3:
                segment.mark_congestion()
                return [(lab.delay, bytes(segment.raw))]

    lab.wire.policy = mark
    lab.transfer(client, server, 300_000)
    lab.close_pair(client, server)


@marked.proves
def _(proof):
    proof.counted('s', 'IpExtInCEPkts')
    proof.that('the sender reduced its window', any(each['ca'] == 'CWR' and each['side'] == 'c' for each in proof.truth['ca_states']))


@scenario(
    'path/window-scale-stripped-by-middlebox',
    'A box removes the window scale from the SYN-ACK alone: the client takes scaled windows for small ones.',
    network='wire',
    delay=0.01,
    snaplen=110,
)
def scale_stripped(lab):
    def strip(segment):
        at = segment.option(WINDOW_SCALE) if segment.syn and segment.direction == 's2c' else None
        if at is not None:
            segment.raw[at : at + 3] = bytes([NO_OPERATION] * 3)
            segment.renew_checksum()
            return [(lab.delay, bytes(segment.raw))]

    lab.wire.policy = strip
    _, client, server = lab.pair()
    lab.transfer(client, server, 20_000, seconds=15)
    lab.snap('end')
    lab.close_pair(client, server)


@scale_stripped.proves
def _(proof):
    proof.seen('server', 'a SYN-ACK with window scale', lambda segment: segment.syn and segment.has_ack and segment.option(WINDOW_SCALE), least=1)
    proof.seen('client', 'none with it', lambda segment: segment.syn and segment.has_ack and segment.option(WINDOW_SCALE), least=0, most=0)
    proof.that('it took long', proof.truth['t_end'] - proof.truth['captures'][0]['started'] > 4)


@scenario(
    'handshake/final-ack-ignored-because-accept-is-deferred',
    'TCP_DEFER_ACCEPT of three seconds: the final ACK is ignored, the SYN-ACK repeated once.',
    network='wire',
    delay=0.01,
)
def deferred(lab):
    listener = lab.listen(options=[(socket.IPPROTO_TCP, TCP_DEFER_ACCEPT, 3)])
    client = lab.connect()
    lab.wait(0.5)
    lab.snap('deferred')
    lab.wait(5)
    lab.accept(listener)
    client.send(b'late')
    lab.wait(0.5)
    lab.snap('end')


@deferred.proves
def _(proof):
    proof.counted('s', 'TcpExtTCPDeferAcceptDrop')
    proof.synack_repeated()


@scenario('handshake/both-open-at-once', 'Both ends connect to each other: two SYNs cross.', network='wire', delay=0.05)
def both_open(lab):
    ends = {'c': 41000, 's': 42000}
    socks = {}
    for role, port in ends.items():
        socks[role] = lab.new_socket(role)
        socks[role].bind((lab.address(role), port))
        socks[role].setblocking(False)
    for role, peer in ('cs', 'sc'):
        socks[role].connect_ex((lab.address(peer), ends[peer]))
    lab.act('both connect')
    lab.wait(0.3)
    lab.snap('open')
    for sock in socks.values():
        sock.setblocking(True)
    socks['c'].send(b'hi')
    read(socks['s'], 2)
    lab.close_pair(socks['c'], socks['s'])


@both_open.proves
def _(proof):
    for side in 'cs':
        proof.entered(side, 'SYN_SENT', 'SYN_RECV', 'ESTABLISHED')
