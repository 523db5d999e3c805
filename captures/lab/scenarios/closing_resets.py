"""Connections that end with a reset because of how a socket was closed."""

from driver.scenario import scenario
from driver.sockets import error_of, linger_zero, read
from driver.wire import DROP

MAX_ORPHANS = 'net.ipv4.tcp_max_orphans'


def close_with_linger_zero(lab):
    _, client, server = lab.pair()
    client.send(b'hello')
    read(server, 5)
    lab.wait(0.1)
    linger_zero(client)
    lab.close(client, 'client (linger zero)')
    lab.wait(0.1)
    lab.note(f'server recv: {error_of(server.recv, 10)}')
    lab.snap('end')


def was_aborted(proof):
    proof.counted('c', 'TcpExtTCPAbortOnData')
    proof.entered('c', 'ESTABLISHED', 'CLOSE')
    proof.that('the client sent the only reset', [each['side'] for each in proof.truth['resets_sent']] == ['c'])
    proof.seen('client', 'no FIN', lambda segment: segment.fin, least=0, most=0)


@scenario('closing/reset-because-linger-zero', 'SO_LINGER with zero seconds, then close(): a reset instead of a FIN.', network='wire', delay=0.005)
def reset_by_linger_zero(lab):
    close_with_linger_zero(lab)


reset_by_linger_zero.proves(was_aborted)


@scenario(
    'closing/reset-because-linger-zero-over-ipv6',
    'Over IPv6: SO_LINGER with zero seconds, then close(): a reset instead of a FIN.',
    network='wire',
    delay=0.005,
    v6=True,
)
def reset_by_linger_zero_over_ipv6(lab):
    close_with_linger_zero(lab)


reset_by_linger_zero_over_ipv6.proves(was_aborted)


@scenario('closing/reset-because-data-was-unread', 'The client closes with unread data in its receive queue: a reset.', network='wire', delay=0.005)
def unread_data(lab):
    _, client, server = lab.pair()
    client.send(b'req')
    read(server, 3)
    server.send(b'u' * 1000)
    lab.wait(0.1)
    lab.snap('unread')
    lab.close(client, 'client, 1000 bytes unread,')
    lab.wait(0.1)
    lab.note(f'server recv: {error_of(server.recv, 10)}')


@unread_data.proves
def _(proof):
    proof.counted('c', 'TcpExtTCPAbortOnClose')
    proof.reset_sent('c', 'TCP_ABORT_ON_CLOSE')


@scenario(
    'closing/reset-because-upload-was-refused',
    'The server refuses an upload after its first bytes: it says so and closes, with the rest unread.',
    network='wire',
    delay=0.01,
)
def upload_refused(lab):
    _, client, server = lab.pair()
    lab.push(client, 24000)
    lab.wait(0.035)
    read(server, 2000)
    server.send(b'413 too large')
    lab.close(server, 'server, upload unread,')
    lab.wait(0.3)
    lab.note(f'client recv: {error_of(client.recv, 10)}')


@upload_refused.proves
def _(proof):
    proof.counted('s', 'TcpExtTCPAbortOnClose')
    proof.reset_sent('s', 'TCP_ABORT_ON_CLOSE')
    proof.seen('server', 'the refusal', lambda segment: segment.source_port == 5000 and segment.has_data, most=1)


@scenario(
    'closing/reset-because-data-came-after-close',
    'The client closes, the server goes on sending: the FIN_WAIT2 that nobody owns any more answers with a reset.',
    network='wire',
    delay=0.01,
)
def data_after_close(lab):
    _, client, server = lab.pair()
    client.send(b'req')
    read(server, 3)
    lab.close(client, 'client')
    lab.wait(0.1)
    lab.snap('fin_wait2 orphan')
    server.send(b'late' * 100)
    lab.wait(0.1)
    lab.note(f'server send: {error_of(server.send, b"x")}')
    lab.wait(0.1)


@data_after_close.proves
def _(proof):
    proof.reset_sent('c', 'TCP_TIMEWAIT_SOCKET')
    proof.polled('c', 'FIN_WAIT2', timer='timewait')


@scenario(
    'closing/reset-because-too-many-orphans',
    'More orphans than tcp_max_orphans (lowered for a moment): close() resets.',
    network='wire',
    delay=0.005,
)
def too_many_orphans(lab):
    listener = lab.listen(backlog=200)
    clients = []
    for _ in range(24):
        clients.append(lab.connect())
        lab.accept(listener)
    for client in clients:
        client.send(b'x')
    lab.wait(0.1)
    first = {client.getsockname()[1] for client in clients[:20]}
    lab.wire.policy = lambda segment: DROP if segment.direction == 'c2s' and segment.fin and segment.source_port in first else None
    for client in clients[:20]:
        client.close()
    lab.act('client closed 20, their FINs are lost: orphans in FIN_WAIT1')
    lab.wait(0.25)
    lab.snap('orphans')
    with lab.set_everywhere(MAX_ORPHANS, 8):
        for client in clients[20:]:
            client.close()
        lab.act('client closed 4 more')
        lab.wait(0.25)
    lab.wait(0.3)
    lab.snap('after')


@too_many_orphans.proves
def _(proof):
    proof.counted('c', 'TcpExtTCPAbortOnMemory')
    proof.reset_sent('c', 'TCP_ABORT_ON_MEMORY')


@scenario(
    'closing/reset-because-listener-was-closed',
    'The listening socket is closed while three connections wait in its accept queue: each is reset.',
    network='wire',
    delay=0.005,
)
def listener_closed(lab):
    listener = lab.listen()
    clients = [lab.connect() for _ in range(3)]
    clients[0].send(b'data')
    lab.wait(0.2)
    lab.snap('queued')
    lab.close(listener, 'server listener')
    lab.wait(0.2)
    lab.note(f'clients: {[error_of(client.recv, 1) for client in clients]}')


@listener_closed.proves
def _(proof):
    proof.reset_sent('s', 'TCP_STATE', 3)


@scenario(
    'closing/late-data-reset-because-fin-wait2-expired',
    'tcp_fin_timeout=2: the FIN_WAIT2 of the client is gone when the server sends three seconds later.',
    network='wire',
    delay=0.005,
    sysctls={'c': {'net.ipv4.tcp_fin_timeout': 2}},
)
def fin_wait2_expired(lab):
    _, client, server = lab.pair()
    client.send(b'hi')
    read(server, 2)
    lab.close(client, 'client')
    lab.wait(0.5)
    lab.snap('FIN_WAIT2')
    lab.wait(2.5)
    lab.snap('expired')
    server.send(b'late data')
    lab.wait(0.2)
    lab.note(f'server recv: {error_of(server.recv, 1)}')
    lab.wait(0.1)


@fin_wait2_expired.proves
def no_socket_any_more(proof):
    proof.polled('c', 'FIN_WAIT2', timer='timewait')
    proof.reset_sent('c', 'NO_SOCKET')
    proof.dropped('NO_SOCKET', 'c')


@scenario(
    'closing/close-wait-because-application-does-not-close',
    'The server application does not close for six seconds; when it does, the client has forgotten the connection (tcp_fin_timeout=2).',
    network='wire',
    delay=0.005,
    sysctls={'c': {'net.ipv4.tcp_fin_timeout': 2}},
)
def close_wait(lab):
    _, client, server = lab.pair()
    client.send(b'hi')
    read(server, 2)
    lab.close(client, 'client')
    lab.wait(1)
    lab.snap('CLOSE_WAIT')
    lab.wait(5)
    lab.snap('CLOSE_WAIT after 6 s')
    lab.close(server, 'server at last')
    lab.wait(0.3)
    lab.snap('end')


@close_wait.proves
def _(proof):
    proof.showed('CLOSE_WAIT after 6 s', 's', 'CLOSE-WAIT')
    proof.entered('s', 'ESTABLISHED', 'CLOSE_WAIT', 'LAST_ACK', 'CLOSE')
    proof.reset_sent('c', 'NO_SOCKET')
