"""FINs that are not acknowledged, or cannot leave."""

from driver.scenario import scenario
from driver.sockets import fill, read, read_to_end, receive_buffer, send_buffer
from driver.wire import DROP


def close_into_the_void(lab, seconds):
    _, client, server = lab.pair()
    client.send(b'hi')
    read(server, 2)
    lab.wait(0.1)
    lab.wire.policy = lambda segment: DROP
    lab.act('nothing comes through any more')
    lab.close(client, 'client')
    lab.wait(1)
    lab.snap('FIN_WAIT1')
    lab.wait_until(lambda: not lab.has_sockets('c', 'fin-wait-1'), seconds)
    lab.wait(0.5)
    lab.snap('end')


def orphan_was_given_up(proof):
    proof.entered('c', 'ESTABLISHED', 'FIN_WAIT1', 'CLOSE')
    proof.retransmitted('c', 'FIN_WAIT1', least=3)
    proof.counted('c', 'TcpExtTCPAbortOnTimeout')
    proof.no_reset()


@scenario(
    'closing/fin-unacknowledged-with-three-retries',
    'The peer cannot be reached when the client closes, tcp_orphan_retries=3: the FIN is repeated, then given up in silence.',
    network='wire',
    delay=0.005,
    sysctls={'c': {'net.ipv4.tcp_orphan_retries': 3}},
)
def three_retries(lab):
    close_into_the_void(lab, 20)


three_retries.proves(orphan_was_given_up)


@scenario(
    'closing/fin-unacknowledged-until-orphan-timeout',
    'The peer cannot be reached when the client closes, with defaults: eight retries, two minutes.',
    network='wire',
    delay=0.005,
    poll=0.2,
)
def default_retries(lab):
    close_into_the_void(lab, 240)


default_retries.proves(orphan_was_given_up)


def close_behind_zero_window(lab):
    _, client, server = lab.pair(server_options=[receive_buffer(8000)], client_options=[send_buffer(60000)])
    written = fill(client)
    lab.wait(0.6)
    lab.snap('zero window')
    lab.close(client, 'client with unsent data behind a zero window')
    return server, written


@scenario(
    'closing/fin-wait1-stalls-behind-zero-window',
    'The client closes with data stuck behind a zero window: FIN_WAIT1, but no FIN leaves (tcp_orphan_retries=3, tcp_rto_max_ms=2000 to shorten it).',
    network='wire',
    delay=0.005,
    sysctls={'c': {'net.ipv4.tcp_orphan_retries': 3, 'net.ipv4.tcp_rto_max_ms': 2000}},
)
def fin_wait1_stalls(lab):
    server, written = close_behind_zero_window(lab)
    lab.wait(0.5)
    lab.snap('FIN_WAIT1 orphan')
    lab.wait(14)
    lab.snap('gone')
    lab.act('server reads everything')
    server.settimeout(0.5)
    lab.note(f'client wrote {written}, server could read {read_to_end(server)}')
    lab.wait(0.3)


@fin_wait1_stalls.proves
def orphan_behind_zero_window(proof):
    proof.entered('c', 'ESTABLISHED', 'FIN_WAIT1', 'CLOSE')
    proof.counted('c', 'TcpExtTCPWinProbe', 3)
    proof.counted('c', 'TcpExtTCPAbortOnTimeout')
    proof.seen('client', 'no FIN of the client', lambda segment: segment.fin and segment.destination_port == 5000, least=0, most=0)


@scenario(
    'closing/fin-wait1-stalls-for-six-minutes',
    'The client closes with data stuck behind a zero window, with defaults: the orphan lives as long as its probes are answered and fewer than '
    'eight waits '
    'have grown to two minutes.',
    network='wire',
    delay=0.005,
    poll=0.2,
)
def fin_wait1_for_minutes(lab):
    close_behind_zero_window(lab)
    lab.snap('start')
    lab.wait_until(lambda: not lab.has_sockets('c', 'fin-wait-1'), 900, step=2)
    lab.snap('end')


fin_wait1_for_minutes.proves(orphan_behind_zero_window)
