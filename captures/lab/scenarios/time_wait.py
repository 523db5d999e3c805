"""What TIME_WAIT does with segments, and what else becomes of it."""

from driver.scenario import scenario
from driver.segment import ACK, PSH, RST
from driver.sockets import error_of, read, read_to_end
from driver.wire import DROP

PORT_OF_CLIENT = 40000
ONE_PORT = {'c': {'net.ipv4.ip_local_port_range': f'{PORT_OF_CLIENT} {PORT_OF_CLIENT}'}}


def short_connection(lab, listener, closes_first, source_port=0):
    client = lab.connect(source_port=source_port)
    server = lab.accept(listener)
    client.send(b'1')
    read(server, 1)
    first, second = (client, server) if closes_first == 'client' else (server, client)
    lab.close(first, closes_first)
    lab.wait(0.05)
    read_to_end(second)
    lab.close(second, 'the other')


@scenario(
    'closing/time-wait-reopened-by-syn',
    'The server holds TIME_WAIT; a second later the client connects from the same port, with a newer timestamp, and is let in.',
    network='wire',
    delay=0.005,
)
def reopened(lab):
    listener = lab.listen()
    short_connection(lab, listener, 'server', PORT_OF_CLIENT)
    lab.wait(1)
    lab.snap('TIME_WAIT of the server')
    short_connection(lab, listener, 'client', PORT_OF_CLIENT)
    lab.wait(0.1)


@reopened.proves
def _(proof):
    proof.polled('s', 'TIME_WAIT')
    again = [event for event in proof.truth['timeline'] if event['side'] == 's' and event['new'] == 'ESTABLISHED']
    proof.that('the server established two connections', len(again) == 2, len(again))


@scenario(
    'closing/time-wait-lasts-sixty-seconds',
    'A second connection from the same port after 61.5 s: the TIME_WAIT is gone.',
    network='wire',
    delay=0.005,
    poll=0.1,
)
def sixty_seconds(lab):
    listener = lab.listen()
    short_connection(lab, listener, 'server', PORT_OF_CLIENT)
    lab.wait(61.5)
    lab.snap('TIME_WAIT gone')
    short_connection(lab, listener, 'client', PORT_OF_CLIENT)
    lab.wait(0.1)


@sixty_seconds.proves
def _(proof):
    entered, left = (
        [event['t'] for event in proof.truth['diag'] if event['side'] == 's' and event['state'] == state] for state in ('TIME_WAIT', 'GONE')
    )
    lasted = left[0] - entered[0] if entered and left else 0
    proof.that('TIME_WAIT lasted a minute', 59 < lasted < 62, round(lasted, 1))


@scenario(
    'closing/time-wait-reused-by-client',
    'The client has one port and holds TIME_WAIT: connect() fails at once, and works after a second with tcp_tw_reuse=1.',
    network='wire',
    delay=0.005,
    sysctls=ONE_PORT,
)
def reused(lab):
    listener = lab.listen()
    short_connection(lab, listener, 'client')
    lab.wait(0.1)
    lab.note(f'tcp_tw_reuse=2: {error_of(lab.connect)}')
    lab.set('c', 'net.ipv4.tcp_tw_reuse', 1)
    lab.note(f'tcp_tw_reuse=1, at once: {error_of(lab.connect)}')
    lab.wait(1.5)
    lab.snap('TIME_WAIT of the client')
    short_connection(lab, listener, 'client')
    lab.wait(0.1)


@reused.proves
def _(proof):
    proof.counted('c', 'TcpExtTWRecycled')
    proof.noted('tcp_tw_reuse=2: OSError(Cannot assign requested address)')
    proof.seen('client', 'two SYNs', lambda segment: segment.syn and not segment.has_ack, least=2, most=2)


@scenario(
    'closing/fin-reset-because-time-wait-buckets-full',
    'tcp_max_tw_buckets=2: further closes skip TIME_WAIT, and a FIN that is repeated finds nobody.',
    network='wire',
    delay=0.005,
    sysctls={'c': {'net.ipv4.tcp_max_tw_buckets': 2}},
)
def buckets_full(lab):
    listener = lab.listen()
    for number in range(5):
        client = lab.connect()
        server = lab.accept(listener)
        client.send(b'x')
        read(server, 1)
        if number == 4:
            lab.wire.policy = lose_ack_of_fin()
            lab.act('the final ACK of the fifth connection will be lost')
        client.close()
        lab.wait(0.03)
        server.close()
        lab.wait(0.05)
    lab.wait(0.6)
    lab.snap('end')


def lose_ack_of_fin():
    fins, lost = [], []

    def policy(segment):
        if segment.direction == 's2c' and segment.fin:
            fins.append(segment.seq)
        if segment.direction == 'c2s' and fins and not lost and segment.is_pure_ack:
            lost.append(segment.seq)
            return DROP

    return policy


@buckets_full.proves
def _(proof):
    proof.counted('c', 'TcpExtTCPTimeWaitOverflow')
    proof.reset_sent('c', 'NO_SOCKET')


def disturb(lab):
    """An old segment reaches the TIME_WAIT of the client, then the reset that its answer provokes."""
    _, client, server = lab.pair()
    client.send(b'hello')
    read(server, 5)
    server.send(b'x' * 100)
    read(client, 100)
    lab.wait(0.1)
    lab.close(client, 'client')
    lab.wait(0.05)
    lab.close(server, 'server')
    lab.wait(0.3)
    lab.snap('TIME_WAIT of the client')
    fin = lab.wire.last['s2c']
    lab.act('an old copy of a segment reaches TIME_WAIT')
    lab.inject('s2c', fin.seq - 100, fin.ack, PSH | ACK, payload=b'x' * 100, timestamps=fin.timestamps())
    lab.wait(0.4)
    lab.snap('after the copy')
    lab.inject('s2c', fin.seq + 1, 0, RST, like=fin)
    lab.wait(0.3)
    lab.snap('after the reset')


@scenario(
    'closing/time-wait-ended-by-reset',
    'An old segment reaches TIME_WAIT, its ACK provokes a reset, and the reset ends TIME_WAIT (tcp_rfc1337=0).',
    network='wire',
    delay=0.005,
)
def ended_by_reset(lab):
    disturb(lab)


@ended_by_reset.proves
def _(proof):
    proof.reset_sent('s', 'TCP_FLAGS')
    proof.showed('TIME_WAIT of the client', 'c', 'TIME-WAIT')
    proof.that('TIME_WAIT was gone after the reset', 'TIME-WAIT' not in proof.truth['ss']['after the reset']['c'])


@scenario(
    'closing/time-wait-survives-reset-with-rfc1337',
    'The same with tcp_rfc1337=1: TIME_WAIT survives.',
    network='wire',
    delay=0.005,
    sysctls={'c': {'net.ipv4.tcp_rfc1337': 1}},
)
def survives_reset(lab):
    disturb(lab)


@survives_reset.proves
def _(proof):
    proof.reset_sent('s', 'TCP_FLAGS')
    proof.showed('after the reset', 'c', 'TIME-WAIT')
