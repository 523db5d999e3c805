"""Listeners under more SYNs than their queue of requests holds, and the cookies they answer with."""

import struct
import time

from driver.scenario import scenario
from driver.segment import SYN, make_packet
from driver.sockets import PORT, error_of, read
from driver.wire import DROP

NO_COOKIES = {'s': {'net.ipv4.tcp_syncookies': 0}}
COOKIES_ALWAYS = {'s': {'net.ipv4.tcp_syncookies': 2}}
FLOOD_PORTS = '20000-29999'


def syn_options(number):
    """MSS, SACK permitted, timestamps, window scale: as Linux sends them."""
    return b'\x02\x04\x05\xb4\x04\x02\x08\x0a' + struct.pack('!II', 1000 + number, 0) + b'\x01\x03\x03\x07'


def flood(lab, syns, sources=None):
    """SYNs without a socket behind them; the client drops the answers, so that nobody resets."""
    lab.drop_arriving('c', f'tcp dport {FLOOD_PORTS}')
    for number in range(syns):
        source = sources[number % len(sources)] if sources else lab.address('c')
        ports = (20000 + number, PORT)
        lab.send_raw('c', make_packet(source, lab.address('s'), ports, 1_000_000 * (number + 1), 0, SYN, options=syn_options(number)))
        time.sleep(0.002)
    lab.act(f'{syns} SYNs without a socket behind them')


def answered_by_cookies(proof):
    proof.counted('s', 'TcpExtSyncookiesSent')
    proof.counted('s', 'TcpExtSyncookiesRecv')


@scenario(
    'handshake/syns-ignored-because-syn-queue-full',
    'The queue of requests is full (backlog 4) and tcp_syncookies=0: further SYNs are ignored.',
    sysctls=NO_COOKIES,
)
def syn_queue_full(lab):
    lab.listen(backlog=4)
    flood(lab, 12)
    lab.wait(0.1)
    lab.snap('flood')
    lab.note(f'connect: {error_of(lambda: lab.connect(timeout=3.5))}')
    lab.wait(0.1)


@syn_queue_full.proves
def _(proof):
    proof.counted('s', 'TcpExtTCPReqQFullDrop')
    proof.counted('s', 'TcpExtListenDrops')
    proof.noted('connect: TimeoutError')


@scenario(
    'handshake/syn-flood-from-many-addresses',
    'Eighty SYNs from forty addresses that never answer, and three honest clients: the first finds the queue of requests full '
    '(tcp_syncookies=0), the '
    'others come when cookies are on.',
    network='wire',
    delay=0.005,
    sysctls=NO_COOKIES,
)
def syn_flood(lab):
    prefix = lab.address('c').rsplit('.', 1)[0]
    sources = [f'{prefix}.{100 + number}' for number in range(40)]
    hardware = lab.network.hardware_address('c', 'eth0')
    for source in sources:
        lab.hosts['s'].run(f'ip neigh replace {source} lladdr {hardware} dev eth0 nud permanent')
    listener = lab.listen(backlog=16)
    flood(lab, 80, sources)
    lab.wait(0.1)
    lab.snap('flood')
    lab.note(f'connect during the flood: {error_of(lambda: lab.connect(timeout=2.5))}')
    lab.set('s', 'net.ipv4.tcp_syncookies', 1)
    lab.act('cookies on')
    for _ in range(2):
        client = lab.connect()
        server = lab.accept(listener)
        client.send(b'hello')
        read(server, 5)
        client.close()
        lab.wait(0.05)
        server.close()
    lab.wait(0.2)


@syn_flood.proves
def _(proof):
    proof.counted('s', 'TcpExtTCPReqQFullDrop', 20)
    proof.noted('connect during the flood: TimeoutError')
    proof.synack_repeated(10)
    answered_by_cookies(proof)


def connect_by_cookie(lab):
    listener = lab.listen(backlog=4)
    flood(lab, 12)
    lab.wait(0.1)
    lab.snap('flood')
    client = lab.connect(timeout=5)
    lab.wait(0.05)
    client.send(b'hello')
    server = lab.accept(listener)
    read(server, 5)
    server.send(b'A' * 3000)
    read(client, 3000)
    lab.snap('established by cookie')
    lab.close_pair(client, server)


@scenario(
    'handshake/half-open-flood-with-cookies',
    'The queue of requests is full and tcp_syncookies=1: a cookie answers, and window scale and SACK travel in its timestamp.',
)
def flood_with_cookies(lab):
    connect_by_cookie(lab)


flood_with_cookies.proves(answered_by_cookies)


@scenario(
    'handshake/options-withheld-because-syn-cookies',
    'The queue of requests is full, tcp_syncookies=1 and the client sends no timestamps: the SYN-ACK carries nothing but the MSS.',
    sysctls={'c': {'net.ipv4.tcp_timestamps': 0}},
)
def options_withheld(lab):
    connect_by_cookie(lab)


options_withheld.proves(answered_by_cookies)


@scenario('handshake/syn-cookies-always-on', 'tcp_syncookies=2: a cookie for every SYN, without any pressure.', sysctls=COOKIES_ALWAYS)
def cookies_always(lab):
    _, client, server = lab.pair()
    client.send(b'hello')
    read(server, 5)
    server.send(b'B' * 2000)
    read(client, 2000)
    lab.close_pair(client, server)


@cookies_always.proves
def _(proof):
    answered_by_cookies(proof)
    proof.entered('s', 'SYN_RECV', 'ESTABLISHED')


@scenario(
    'handshake/final-ack-reset-because-syn-cookie-expired',
    'The final ACK is lost and the client first speaks two and a half minutes later. The cookie is older than two minutes by then: a reset answers. '
    'Another client keeps cookies in use meanwhile.',
    network='wire',
    delay=0.005,
    sysctls=COOKIES_ALWAYS,
    poll=0.1,
)
def cookie_expired(lab):
    listener = lab.listen()
    lab.wire.policy = lambda segment: DROP if segment.direction == 'c2s' and not segment.syn else None
    client = lab.connect()
    lab.act('the final ACK is lost')
    lab.wait(0.2)
    lab.wire.policy = None
    for _ in range(3):
        lab.wait(50)
        other = lab.connect()
        server = lab.accept(listener)
        other.send(b'hello')
        read(server, 5)
        lab.close_pair(other, server)
    client.send(b'at last')
    lab.act('the first client speaks')
    lab.wait(0.3)
    lab.note(f'client: {error_of(client.recv, 1)}')


@cookie_expired.proves
def _(proof):
    proof.counted('s', 'TcpExtSyncookiesFailed')
    proof.reset_sent('s', 'TCP_FLAGS')
    proof.noted('client: ConnectionResetError')
