"""Segments that reach the receiving host and are dropped there, because memory or patience of a socket has an end."""

import socket

from driver.paused_memory import PausedMemory
from driver.scenario import scenario
from driver.sockets import NODELAY, fill, read, receive_buffer, send_buffer
from driver.wire import DROP

SMALL = 10


@scenario(
    'transfer/received-segments-dropped-because-receive-buffer-is-full',
    'Every second of many tiny segments is lost, so the others wait out of order, each with its own overhead: the receive buffer overflows and the '
    'kernel throws away what it had already reported by SACK.',
    network='wire',
    delay=0.15,
    snaplen=110,
)
def receive_buffer_full(lab):
    give_initial_window(lab, 200)
    _, client, server = lab.pair(server_options=[receive_buffer(8000)], client_options=[NODELAY])
    first, losing = [None], [True]

    def lose_every_second(segment):
        if segment.direction != 'c2s' or not segment.has_data or not losing[0]:
            return None
        first[0] = segment.seq if first[0] is None else first[0]
        return DROP if (segment.seq - first[0]) // SMALL % 2 == 0 else None

    lab.wire.policy = lose_every_second
    for _ in range(150):
        client.send(b't' * SMALL)
        lab.wait(0.0012)
    lab.wait(0.3)
    lab.snap('buffer full')
    losing[0] = False
    lab.act('the wire loses nothing any more')
    lab.note(f'the server got {len(read(server, 150 * SMALL))} bytes')
    lab.close_pair(client, server)


def give_initial_window(lab, segments):
    lab.hosts['c'].run(f'ip route change 10.{lab.network.subnet}.0.0/24 dev eth0 initcwnd {segments}')


@receive_buffer_full.proves
def _(proof):
    proof.counted('s', 'TcpExtPruneCalled')
    proof.that('segments out of order were thrown away', proof.count('s', 'TcpExtOfoPruned') + proof.count('s', 'TcpExtTCPOFODrop') > 0)
    proof.that(
        'with the reason of a full buffer', any('TCP_OFO_QUEUE_PRUNE' in key or 'PROTO_MEM' in key for key in proof.truth['drop_counts'].get('s', {}))
    )
    proof.noted('the server got 1500 bytes')


@scenario(
    'transfer/received-segments-dropped-because-socket-backlog-is-full',
    'The reader stops inside recv(), on a page of memory that does not come for a second: it owns the socket, arriving segments go to the '
    'backlog, and '
    'the backlog overflows.',
    network='wire',
    delay=0.005,
    snaplen=110,
)
def socket_backlog_full(lab):
    give_initial_window(lab, 300)
    _, client, server = lab.pair(server_options=[receive_buffer(2000), send_buffer(2000)], client_options=[NODELAY])
    memory = PausedMemory()
    client.send(b'a' * SMALL)
    lab.wait(0.1)
    reader = lab.in_background(lambda: memory.receive_into(server, SMALL))
    lab.wait(0.05)
    lab.act('the reader waits for memory inside recv()')
    for _ in range(250):
        client.send(b't' * SMALL)
        lab.wait(0.0012)
    lab.wait(0.5)  # no ss meanwhile: it would wait for the socket as well
    memory.supply()
    lab.act('the reader goes on')
    reader.join(5)
    lab.note(f'the server got {len(read(server, 250 * SMALL))} bytes more')
    lab.close_pair(client, server)


@socket_backlog_full.proves
def _(proof):
    proof.counted('s', 'TcpExtTCPBacklogDrop')
    proof.dropped('SOCKET_BACKLOG', 's')
    proof.retransmitted('c')
    proof.noted('the server got 2500 bytes more')


HOARD = 3 << 20


@scenario(
    'transfer/received-segments-dropped-because-tcp-mem-is-exhausted',
    'An application of the server leaves 3 MB unread, and all TCP sockets together may have no more memory (tcp_mem, lowered for a second): '
    'data that '
    'arrives for another connection is dropped, in order as it is.',
    network='wire',
    delay=0.01,
    snaplen=110,
)
def tcp_memory_exhausted(lab):
    _, client, server = lab.pair()
    lab.transfer(client, server, 60_000)
    hoard_memory(lab, 's')
    lab.wire.policy = lambda segment: 0.2 if segment.has_data else None
    client.send(b'm' * 40_000)
    lab.act('40000 bytes are on the way')
    lab.wait(0.05)
    with lab.set_everywhere('net.ipv4.tcp_mem', '1 1 1'):
        lab.wait(0.8)
        lab.snap('exhausted')
    lab.wire.policy = None
    lab.note(f'the server got {len(read(server, 40_000))} bytes')
    lab.close_pair(client, server)


def hoard_memory(lab, role):
    """A connection within one host whose reader does not read. Each processor counts 256 pages for itself before the limit is looked at."""
    with lab.hosts[role]:
        listener, writer = socket.socket(), socket.socket()
    listener.setsockopt(*receive_buffer(4 * HOARD))
    listener.bind(('127.0.0.1', 9))
    listener.listen()
    writer.connect(('127.0.0.1', 9))
    reader, _ = listener.accept()
    for sock in (listener, writer, reader):
        lab.keep(sock)
    lab.note(f'{fill(writer, 65536, HOARD // 65536)} bytes wait unread in another connection of {role}')


@tcp_memory_exhausted.proves
def _(proof):
    proof.dropped('PROTO_MEM', 's')
    proof.counted('s', 'TcpExtTCPRcvQDrop')
    proof.retransmitted('c')
    proof.noted('the server got 40000 bytes')
