"""Handshakes that lose a packet, or wait so long that it looks like a loss."""

from driver.scenario import scenario
from driver.segment import TIMESTAMPS
from driver.small_talk import SmallTalk
from driver.sockets import error_of, read
from driver.wire import DROP

FIVE_RETRIES_AT_MOST = {'c': {'net.ipv4.tcp_syn_retries': 3}, 's': {'net.ipv4.tcp_synack_retries': 2}}


def lose(wanted, times):
    """A policy of the wire that drops the first segments that are wanted."""
    left = [times]

    def policy(segment):
        if left[0] and wanted(segment):
            left[0] -= 1
            return DROP

    return policy


def is_syn(segment):
    return segment.syn and not segment.has_ack


def is_syn_ack(segment):
    return segment.syn and segment.has_ack


def is_client_ack(segment):
    return segment.direction == 'c2s' and segment.is_pure_ack


def exchange_a_byte(lab):
    _, client, server = lab.pair()
    client.send(b'x')
    read(server, 1)
    lab.wait(0.1)
    lab.close_pair(client, server)


@scenario('handshake/first-syn-lost', 'The first SYN is lost, the one a second later is answered.', network='wire', delay=0.01)
def first_syn_lost(lab):
    lab.wire.policy = lose(is_syn, 1)
    exchange_a_byte(lab)


@first_syn_lost.proves
def _(proof):
    proof.retransmitted('c', 'SYN_SENT', least=1, most=1)
    proof.lost_on_the_wire()
    proof.seen('server', 'one SYN', is_syn, least=1, most=1)
    proof.entered('s', 'SYN_RECV', 'ESTABLISHED')


@scenario('handshake/first-syn-ack-lost', 'The first SYN-ACK is lost: the connection takes a second longer.', network='wire', delay=0.01)
def first_syn_ack_lost(lab):
    lab.wire.policy = lose(is_syn_ack, 1)
    exchange_a_byte(lab)


@first_syn_ack_lost.proves
def _(proof):
    proof.retransmitted('c', 'SYN_SENT', least=1, most=1)
    proof.synack_repeated()
    proof.entered('s', 'SYN_RECV', 'ESTABLISHED')


@scenario(
    'handshake/syn-ack-always-lost',
    'Every SYN-ACK is lost, with tcp_synack_retries=2 and tcp_syn_retries=3.',
    network='wire',
    delay=0.01,
    sysctls=FIVE_RETRIES_AT_MOST,
)
def syn_ack_always_lost(lab):
    lab.listen()
    lab.wire.policy = lambda segment: DROP if is_syn_ack(segment) else None
    lab.in_background(lambda: (lab.wait(2.5), lab.snap('syn_recv')))
    lab.note(f'connect: {error_of(lambda: lab.connect(timeout=60))}')
    lab.wait(1)


@syn_ack_always_lost.proves
def _(proof):
    proof.synack_repeated(2)
    proof.polled('s', 'SYN_RECV')
    proof.failed('c', 'Connection timed out')
    proof.seen('client', 'no SYN-ACK', is_syn_ack, least=0, most=0)


@scenario(
    'handshake/final-ack-lost-server-speaks-first',
    'The final ACK of the handshake is lost, and the server is to speak first: the SYN-ACK is repeated to a client that is ESTABLISHED.',
    network='wire',
    delay=0.01,
)
def final_ack_lost_server_speaks_first(lab):
    lab.wire.policy = lose(is_client_ack, 1)
    listener = lab.listen()
    client = lab.connect()
    lab.wait(0.3)
    lab.snap('half')
    server = lab.accept(listener)
    lab.act('server accept() returns')
    server.send(b'220 banner\r\n')
    read(client, 12)
    lab.close_pair(client, server)


@final_ack_lost_server_speaks_first.proves
def _(proof):
    proof.synack_repeated()
    proof.lost_on_the_wire()
    proof.entered('s', 'SYN_RECV', 'ESTABLISHED')


@scenario(
    'handshake/final-ack-lost-client-speaks-first',
    'The final ACK of the handshake is lost, but the client sends at once: its data completes the handshake.',
    network='wire',
    delay=0.01,
)
def final_ack_lost_client_speaks_first(lab):
    lab.wire.policy = lose(is_client_ack, 1)
    listener = lab.listen()
    client = lab.connect()
    client.send(b'hello')
    server = lab.accept(listener)
    read(server, 5)
    server.send(b'ok')
    read(client, 2)
    lab.close_pair(client, server)


@final_ack_lost_client_speaks_first.proves
def _(proof):
    proof.lost_on_the_wire()
    proof.that('no SYN-ACK was repeated', not proof.truth['synack_retransmits'])
    proof.entered('s', 'SYN_RECV', 'ESTABLISHED')


@scenario(
    'handshake/syn-repeated-because-path-is-slow',
    'A round trip of 1.4 s: every SYN arrives and is answered, but the first is repeated before its answer can come.',
    network='wire',
    delay=0.7,
)
def syn_repeated_because_path_is_slow(lab):
    listener = lab.listen()
    client = lab.connect()
    server = lab.accept(listener)
    client.send(b'request')
    read(server, 7)
    server.send(b'answer')
    read(client, 6)
    lab.snap('open')
    lab.close(client, 'client')
    lab.wait(1.5)
    lab.close(server, 'server')
    lab.wait(2)


@syn_repeated_because_path_is_slow.proves
def _(proof):
    proof.retransmitted('c', 'SYN_SENT', least=1, most=1)
    proof.that('the wire lost nothing', not proof.truth['wire_log'])
    proof.seen('server', 'both SYNs', is_syn, least=2)
    proof.seen('client', 'both SYN-ACKs', is_syn_ack, least=2)


@scenario(
    'handshake/first-flight-is-one-segment-after-repeated-syns',
    'The first two SYNs are lost: the congestion window begins with one segment instead of ten.',
    network='wire',
    delay=0.04,
)
def first_flight_is_one_segment(lab):
    lab.wire.policy = lose(is_syn, 2)
    _, client, server = lab.pair()
    lab.snap('connected')
    lab.transfer(client, server, 40_000)
    lab.close_pair(client, server)


@first_flight_is_one_segment.proves
def _(proof):
    proof.retransmitted('c', 'SYN_SENT', least=2, most=2)
    proof.showed('connected', 'c', 'cwnd:1 ')


@scenario(
    'handshake/late-syn-ack-reset-because-client-gave-up',
    'The SYN-ACK comes after 0.8 s, the client has given up after half a second and closed its socket.',
    network='wire',
    delay=0.01,
)
def late_syn_ack(lab):
    lab.wire.policy = lambda segment: 0.8 if is_syn_ack(segment) else None
    lab.listen()
    client = lab.connect(wait=False)
    lab.wait(0.5)
    lab.close(client, 'client, tired of waiting,')
    lab.wait(0.8)


@late_syn_ack.proves
def _(proof):
    proof.entered('c', 'SYN_SENT', 'CLOSE')
    proof.dropped('NO_SOCKET', 'c')
    proof.reset_sent('c', 'NO_SOCKET')
    proof.counted('s', 'TcpExtEmbryonicRsts')


@scenario(
    'handshake/final-ack-rejected-because-timestamp-echo-is-wrong',
    'A box on the path rewrites the echoed timestamp of the final ACK: the server refuses it and stays half open until the client speaks.',
    network='wire',
    delay=0.01,
)
def timestamp_echo_is_wrong(lab):
    def rewrite_echo(segment):
        at = segment.option(TIMESTAMPS) if is_client_ack(segment) else None
        if at is not None:
            segment.raw[at + 6 : at + 10] = b'\x7f\x00\x00\x01'
            segment.renew_checksum()
            return [(0.01, bytes(segment.raw))]

    lab.wire.policy = rewrite_echo
    listener = lab.listen()
    client = lab.connect()
    lab.wait(3.5)
    lab.snap('half open')
    lab.wire.policy = None
    lab.act('the box stops rewriting')
    client.send(b'hello')
    server = lab.accept(listener)
    read(server, 5)
    lab.close_pair(client, server)


@timestamp_echo_is_wrong.proves
def _(proof):
    proof.counted('s', 'TcpExtTSEcrRejected')
    proof.dropped('TCP_RFC7323_TSECR', 's')
    proof.synack_repeated(2)


@scenario(
    'handshake/syn-acks-dropped-at-client',
    'A rule on the client drops what comes from one port of the server: SYN-ACKs reach its host and not its TCP, and both ends repeat. A '
    'connection to another port is in use meanwhile.',
    network='wire',
    delay=0.01,
    sysctls=FIVE_RETRIES_AT_MOST,
)
def dropped_at_client(lab):
    with SmallTalk(lab):
        lab.listen()
        lab.drop_arriving('c', 'tcp sport 5000')
        lab.note(f'connect: {error_of(lambda: lab.connect(timeout=30))}')


@dropped_at_client.proves
def _(proof):
    proof.dropped('NETFILTER_DROP', 'c', least=3)
    proof.retransmitted('c', 'SYN_SENT', least=3)
    proof.seen('client', 'SYN-ACKs', is_syn_ack, least=3)
    proof.noted('timed out')
    proof.no_reset()
