"""Windows that close, and receivers that run out of buffer; keep-alive probes, which look like theirs."""

import socket

from driver.scenario import scenario
from driver.sockets import NODELAY, error_of, fill, linger_zero, read, receive_buffer, send_buffer
from driver.wire import DROP

# Idle and between probes one second each, three probes.
KEEP_ALIVE = [
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 1),
    (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 1),
    (socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 3),
]


@scenario(
    'transfer/zero-window-because-reader-pauses',
    'The reader pauses for six seconds: the window closes, the sender probes, then goes on.',
    network='wire',
    delay=0.005,
)
def reader_pauses(lab):
    _, client, server = lab.pair(server_options=[receive_buffer(20000)])
    client.settimeout(30)
    lab.push(client, 150_000)
    lab.wait(1)
    lab.snap('stalled')
    lab.wait(5)
    lab.snap('probing')
    lab.act('server reads again')
    lab.note(f'{len(read(server, 150_000))} bytes')
    lab.close_pair(client, server)


@reader_pauses.proves
def _(proof):
    proof.counted('c', 'TcpExtTCPWinProbe', 3)
    proof.counted('s', 'TcpExtTCPToZeroWindowAdv')
    proof.noted('150000 bytes')


@scenario(
    'transfer/zero-window-and-peer-vanishes',
    'The window is closed, then the peer cannot be reached: unanswered probes, given up with tcp_retries2=4.',
    network='wire',
    delay=0.005,
    sysctls={'c': {'net.ipv4.tcp_retries2': 4}},
)
def peer_vanishes(lab):
    _, client, _ = lab.pair(server_options=[receive_buffer(8000)], client_options=[send_buffer(60000)])
    fill(client)
    lab.wait(0.9)
    lab.snap('zero window')
    lab.wire.policy = lambda segment: DROP
    lab.act('nothing comes through any more')
    lasted = lab.wait_until(lambda: not lab.has_sockets('c', 'established'), 60)
    lab.note(f'gave up after {lasted:.1f} s: {error_of(client.recv, 1)}')
    lab.wait(0.3)


@peer_vanishes.proves
def _(proof):
    proof.counted('c', 'TcpExtTCPWinProbe', 3)
    proof.counted('c', 'TcpExtTCPAbortOnTimeout')
    proof.failed('c', 'Connection timed out')


@scenario(
    'transfer/one-byte-writes',
    'Hundreds of writes of one byte to a reader that does not read: the kernel merges them and loses nothing.',
    network='wire',
    delay=0.001,
    snaplen=110,
)
def one_byte_writes(lab):
    _, client, server = lab.pair(server_options=[receive_buffer(8000)], client_options=[NODELAY])
    client.setblocking(False)
    written = 0
    for number in range(3000):
        if error_of(client.send, b't'):
            break
        written += 1
        if number % 10 == 0:
            lab.wait(0.001)
    lab.wait(2)
    lab.snap('stalled')
    server.settimeout(1)
    lab.note(f'{written - len(read(server, written))} bytes missing of {written}')
    client.setblocking(True)
    lab.close_pair(client, server)


@one_byte_writes.proves
def _(proof):
    proof.counted('s', 'TcpExtTCPRcvCoalesce')
    proof.noted('0 bytes missing of')


@scenario(
    'transfer/small-segments-collapse-receive-buffer',
    'Small segments fill the receive buffer with overhead, and tcp_shrink_window=1: the kernel collapses what is queued.',
    network='wire',
    delay=0.005,
    snaplen=110,
    sysctls={'s': {'net.ipv4.tcp_shrink_window': 1}},
)
def collapse(lab):
    _, client, server = lab.pair(server_options=[receive_buffer(30000)], client_options=[NODELAY])
    client.setblocking(False)
    written = 0
    for _ in range(400):
        if error_of(client.send, b's' * 100):
            break
        written += 100
        lab.wait(0.0007)
    lab.wait(1.5)
    lab.snap('stalled')
    server.settimeout(1)
    lab.note(f'{written} bytes written, {len(read(server, written))} read')
    client.setblocking(True)
    lab.close_pair(client, server)


@collapse.proves
def _(proof):
    proof.counted('s', 'TcpExtPruneCalled')
    proof.counted('s', 'TcpExtTCPRcvCollapsed')


@scenario('transfer/keep-alive-answered', 'Keep-alive probes every second, answered.', network='wire', delay=0.005)
def keep_alive_answered(lab):
    _, client, server = lab.pair(client_options=KEEP_ALIVE)
    client.send(b'x')
    read(server, 1)
    lab.wait(5.3)
    lab.snap('idle')
    lab.close_pair(client, server)


@keep_alive_answered.proves
def _(proof):
    proof.counted('c', 'TcpExtTCPKeepAlive', 4)
    proof.no_reset()


@scenario('transfer/keep-alive-unanswered', 'The peer vanishes, three keep-alive probes go unanswered: a reset.', network='wire', delay=0.005)
def keep_alive_unanswered(lab):
    _, client, server = lab.pair(client_options=KEEP_ALIVE)
    client.send(b'x')
    read(server, 1)
    lab.wait(1.5)
    lab.wire.policy = lambda segment: DROP
    lab.act('nothing comes through any more')
    lab.wait(5)
    lab.note(f'client recv: {error_of(client.recv, 1)}')


@keep_alive_unanswered.proves
def _(proof):
    proof.reset_sent('c', 'TCP_KEEPALIVE_TIMEOUT')
    proof.failed('c', 'Connection timed out')


@scenario(
    'transfer/keep-alive-given-up-before-path-returns',
    'Three keep-alive probes and the reset after them get lost; then the path works again, and what the server has to say meets no socket.',
    network='wire',
    delay=0.005,
)
def keep_alive_given_up(lab):
    _, client, server = lab.pair(client_options=KEEP_ALIVE)
    client.send(b'subscribe')
    read(server, 9)
    server.send(b'event')
    read(client, 5)
    lab.wait(1.5)
    lab.wire.policy = lambda segment: DROP
    lab.act('nothing comes through any more')
    lab.wait(5)
    lab.note(f'client recv: {error_of(client.recv, 1)}')
    lab.wire.policy = None
    lab.act('everything comes through again')
    server.send(b'event')
    lab.wait(0.3)
    lab.note(f'server recv: {error_of(server.recv, 1)}')


@keep_alive_given_up.proves
def _(proof):
    proof.reset_sent('c', 'TCP_KEEPALIVE_TIMEOUT')
    proof.reset_sent('c', 'NO_SOCKET')
    proof.failed('c', 'Connection timed out')
    proof.failed('s', 'Connection reset by peer')


@scenario(
    'transfer/keep-alive-reset-because-peer-rebooted',
    'The peer has forgotten the connection, as after a reboot: a keep-alive probe is answered with a reset.',
    network='wire',
    delay=0.005,
)
def peer_rebooted(lab):
    listener, client, server = lab.pair(client_options=KEEP_ALIVE)
    client.send(b'x')
    read(server, 1)
    lab.wire.policy = lambda segment: DROP if segment.direction == 's2c' and segment.rst else None
    listener.close()
    linger_zero(server)
    server.close()
    lab.act('state of the server destroyed, its reset lost')
    lab.wait(0.1)
    lab.wire.policy = None
    lab.wait(1.5)
    lab.note(f'client recv: {error_of(client.recv, 1)}')


@peer_rebooted.proves
def _(proof):
    proof.reset_sent('s', 'NO_SOCKET')
    proof.counted('c', 'TcpExtTCPKeepAlive')
    proof.noted('client recv: ConnectionResetError')
