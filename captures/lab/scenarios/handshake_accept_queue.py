"""Listeners whose application does not accept."""

import time

from driver.scenario import scenario
from driver.small_talk import SmallTalk
from driver.sockets import error_of

IGNORE = 'net.ipv4.tcp_abort_on_overflow'
TWO_SYNACK_RETRIES = {'s': {'net.ipv4.tcp_synack_retries': 2}}


def overflow(lab, accept_after=None, seconds=9):
    """A backlog of 3 holds 4 connections: three come one by one, three at once; one of these fits, the final ACKs of two meet a full queue."""
    listener = lab.listen(backlog=3)
    clients = [lab.connect() for _ in range(3)] + [lab.connect(wait=False) for _ in range(3)]
    lab.wait(0.2)
    lab.snap('overflow')
    lab.act('all clients send 5 bytes')
    for client in clients:
        error_of(client.send, b'hello')
    lab.wait(0.4)
    clients.append(lab.connect(wait=False))
    lab.act('one more connects: its SYN meets a full queue')
    lab.wait(0.4)
    lab.snap('syn refused')
    if accept_after:
        lab.wait(accept_after)
        accept_all(lab, listener, 4)
    else:
        lab.wait(seconds)
    lab.snap('end')
    lab.note(f'clients send at the end: {[error_of(client.send, b"z") for client in clients]}')
    lab.wait(0.3)


def accept_all(lab, listener, seconds):
    lab.act('server starts accepting')
    listener.settimeout(0.2)
    over = time.time() + seconds
    while time.time() < over:
        try:
            lab.accept(listener)
        except OSError:
            pass
    lab.snap('after accept')


def accept_queue_overflowed(proof):
    proof.counted('s', 'TcpExtListenOverflows')
    proof.counted('s', 'TcpExtListenDrops')


def final_ack_was_ignored(proof):
    accept_queue_overflowed(proof)
    proof.dropped('TCP_LISTEN_OVERFLOW', 's')
    proof.synack_repeated()


@scenario(
    'handshake/final-ack-ignored-because-accept-queue-full',
    'The accept queue is full and the application never accepts: final ACKs are ignored, SYN-ACKs repeated (tcp_synack_retries=2).',
    network='wire',
    delay=0.02,
    sysctls=TWO_SYNACK_RETRIES,
)
def final_ack_ignored(lab):
    overflow(lab)


final_ack_ignored.proves(final_ack_was_ignored)


@scenario(
    'handshake/final-ack-ignored-because-accept-queue-full-over-ipv6',
    'The same over IPv6: the accept queue is full, final ACKs are ignored, SYN-ACKs repeated (tcp_synack_retries=2).',
    network='wire',
    delay=0.02,
    v6=True,
    sysctls=TWO_SYNACK_RETRIES,
)
def final_ack_ignored_over_ipv6(lab):
    overflow(lab)


final_ack_ignored_over_ipv6.proves(final_ack_was_ignored)


@scenario(
    'handshake/accept-queue-full-then-drained',
    'The accept queue is full for two seconds, then the application accepts: connections complete late.',
    network='wire',
    delay=0.02,
)
def accept_queue_drained(lab):
    overflow(lab, accept_after=2)


accept_queue_drained.proves(accept_queue_overflowed)


@scenario(
    'handshake/final-ack-reset-because-accept-queue-full',
    'The accept queue is full and tcp_abort_on_overflow=1: a reset answers the final ACK.',
    network='wire',
    delay=0.02,
    sysctls={'s': {IGNORE: 1}},
)
def final_ack_reset(lab):
    overflow(lab, seconds=3)


@final_ack_reset.proves
def _(proof):
    accept_queue_overflowed(proof)
    proof.counted('s', 'TcpExtEmbryonicRsts')
    proof.reset_sent('s', 'INVALID_SYN')


@scenario(
    'handshake/cookie-ack-ignored-because-accept-queue-full',
    'A backlog of 1 and five clients at once: cookies answer, and the ACKs that return them die in silence.',
    network='wire',
    delay=0.02,
)
def cookie_ack_ignored(lab):
    lab.listen(backlog=1)
    clients = [lab.connect(wait=False) for _ in range(5)]
    lab.wait(0.2)
    for client in clients:
        error_of(client.send, b'hello')
    lab.wait(0.5)
    lab.snap('overflow')
    lab.wait(6)
    lab.snap('end')


@cookie_ack_ignored.proves
def _(proof):
    accept_queue_overflowed(proof)
    proof.counted('s', 'TcpExtSyncookiesRecv')


@scenario(
    'handshake/accept-queue-full-for-several-clients',
    'Eight clients with addresses of their own, one after another, and an application that is stuck for five seconds: some are ignored at the '
    'final ACK, some at the '
    'SYN, and all get through when it accepts again.',
    network='wire',
    delay=0.02,
)
def several_clients(lab):
    prefix, hardware = lab.address('c').rsplit('.', 1)[0], lab.network.hardware_address('c', 'eth0')
    sources = [f'{prefix}.{100 + number}' for number in range(8)]
    for source in sources:
        lab.hosts['c'].run(f'ip addr add {source}/24 dev eth0')
        lab.hosts['s'].run(f'ip neigh replace {source} lladdr {hardware} dev eth0 nud permanent')
    listener = lab.listen(backlog=2)
    clients = []
    for source in sources:
        clients.append(lab.connect(source=source, wait=False))
        if len(clients) not in (3, 4):  # three at once: the fourth and fifth fit the queue of requests, not that of connections
            lab.wait(0.6)
    lab.act('all that are connected send 5 bytes')
    for client in clients:
        error_of(client.send, b'hello')
    lab.wait(1)
    lab.snap('stuck')
    accept_all(lab, listener, 5)
    lab.note(f'{sum(error_of(client.send, b"more") is None for client in clients)} of {len(clients)} clients are served in the end')
    for client in clients:
        client.close()
    lab.wait(0.3)


@several_clients.proves
def _(proof):
    final_ack_was_ignored(proof)
    proof.retransmitted('c', 'SYN_SENT')
    proof.noted('8 of 8 clients are served in the end')


@scenario(
    'handshake/accept-queue-full-beside-a-healthy-port',
    'An application does not accept, its neighbour on another port is well: with a round trip of 120 ms the fourth connection fills the queue, '
    'and later SYNs are ignored.',
    network='wire',
    delay=0.06,
    sysctls={'c': {'net.ipv4.tcp_timestamps': 0}},
)
def full_beside_healthy(lab):
    with SmallTalk(lab):
        lab.listen(port=9090, backlog=3)
        clients = []
        for _ in range(7):
            clients.append(lab.connect(port=9090, wait=False))
            lab.wait(0.2)
        for client in clients[:4]:
            client.send(b'hello')
        lab.wait(4)
        lab.snap('full')


@full_beside_healthy.proves
def _(proof):
    proof.counted('s', 'TcpExtListenOverflows', 6)
    proof.retransmitted('c', 'SYN_SENT', least=6)
    proof.seen('server', 'SYN-ACKs of the full port, one for each that was accepted', is_first_answer_of_full_port, least=4, most=4)


def is_first_answer_of_full_port(segment):
    return segment.source_port == 9090 and segment.syn
