"""Segments that are resent although none was lost: because ACKs were, or because they or the data came late."""

import time

from driver.scenario import scenario
from driver.sockets import read
from driver.wire import DROP

DELAY = 0.01
APART = 0.0001  # seconds between segments that come at once: enough to keep their order
WITHOUT_SACK = {'cs': {'net.ipv4.tcp_sack': 0}}
WITHOUT_TIMESTAMPS = {'cs': {'net.ipv4.tcp_timestamps': 0}}


def stall(lab, direction, seconds):
    """From now on everything in a direction waits until the stall is over, then comes at once and in order."""
    over = time.monotonic() + seconds
    waiting = [0]
    lab.act(f'{direction} stalls for {seconds} s')

    def policy(segment):
        left = over - time.monotonic()
        if segment.direction != direction or left < 0:
            return None
        waiting[0] += 1
        return left + lab.delay + waiting[0] * APART

    lab.wire.policy = policy


def nothing_was_lost(proof):
    proof.that('the wire lost nothing', not proof.truth['wire_log'])
    proof.retransmitted('c')
    data = [segment.seq for segment in proof.captured('server') if segment.has_data]
    proof.that('data came twice to the server', len(data) > len(set(data)), len(data) - len(set(data)))


@scenario(
    'transfer/acks-lost-so-resent-needlessly',
    'All ACKs are lost for 0.6 s in the middle of a transfer: data that arrived is resent after a timeout.',
    network='wire',
    delay=DELAY,
    snaplen=110,
)
def acks_lost(lab):
    _, client, server = lab.pair()
    lab.transfer(client, server, 60_000)
    lab.wait(0.3)
    over = time.monotonic() + 0.6
    lab.wire.policy = lambda segment: DROP if segment.direction == 's2c' and time.monotonic() < over else None
    lab.act('no ACK comes through for 0.6 s')
    lab.transfer(client, server, 100_000)
    lab.wait(0.5)
    lab.close_pair(client, server)


@acks_lost.proves
def _(proof):
    proof.lost_on_the_wire()
    proof.counted('c', 'TcpExtTCPTimeouts')
    proof.counted('s', 'TcpExtTCPDSACKOldSent')


@scenario(
    'transfer/half-of-acks-lost',
    'Every second ACK is lost: those that follow say the same, and hardly anything is resent.',
    network='wire',
    delay=DELAY,
    snaplen=110,
)
def half_of_acks_lost(lab):
    _, client, server = lab.pair()
    acks = [0]

    def lose_every_second(segment):
        if segment.direction == 's2c' and segment.is_pure_ack:
            acks[0] += 1
            return DROP if acks[0] % 2 and acks[0] < 60 else None

    lab.wire.policy = lose_every_second
    lab.transfer(client, server, 150_000)
    lab.wire.policy = None
    lab.wait(0.3)
    lab.close_pair(client, server)


@half_of_acks_lost.proves
def _(proof):
    proof.lost_on_the_wire(10)
    proof.that('only ACKs were lost', all(event['len'] == 0 for event in proof.truth['wire_log']))
    proof.that('hardly anything was resent', proof.count('c', 'TcpRetransSegs') <= 2, proof.count('c', 'TcpRetransSegs'))
    proof.that('no timeout ran out', proof.count('c', 'TcpExtTCPTimeouts') == 0)


def spike_in_data(lab):
    _, client, server = lab.pair()
    lab.transfer(client, server, 60_000)
    lab.wait(0.3)
    stall(lab, 'c2s', 0.7)
    lab.transfer(client, server, 30_000)
    lab.wire.policy = None
    lab.wait(0.3)
    lab.close_pair(client, server)


@scenario(
    'transfer/delay-spike-so-timeout-resends-needlessly',
    'The path stands still for 0.7 s and loses nothing: the timeout comes first, and the echoed timestamp and D-SACK tell the sender that it '
    'was wrong.',
    network='wire',
    delay=DELAY,
    snaplen=110,
)
def delay_spike(lab):
    spike_in_data(lab)


@delay_spike.proves
def timeout_was_needless(proof):
    nothing_was_lost(proof)
    proof.counted('c', 'TcpExtTCPTimeouts')
    undone = [name for name in ('TCPLossUndo', 'TCPFullUndo', 'TCPDSACKUndo', 'TCPSpuriousRTOs') if proof.count('c', f'TcpExt{name}')]
    proof.that('the sender took the timeout back', undone, undone)


@scenario(
    'transfer/delay-spike-without-timestamps',
    'The path stands still for 0.7 s without losing anything, and timestamps are off: F-RTO and D-SACK are all that can tell.',
    network='wire',
    delay=DELAY,
    snaplen=110,
    sysctls=WITHOUT_TIMESTAMPS,
)
def delay_spike_without_timestamps(lab):
    spike_in_data(lab)


delay_spike_without_timestamps.proves(timeout_was_needless)


@scenario(
    'transfer/delay-spike-without-sack',
    'The path stands still for 0.7 s without losing anything, and SACK is off: timestamps tell, nothing reports what came twice.',
    network='wire',
    delay=DELAY,
    snaplen=110,
    sysctls=WITHOUT_SACK,
)
def delay_spike_without_sack(lab):
    spike_in_data(lab)


delay_spike_without_sack.proves(timeout_was_needless)


@scenario(
    'transfer/delay-spike-of-the-acks',
    'The ACKs stand still for 0.7 s: the data had long arrived when the timeout resent it.',
    network='wire',
    delay=DELAY,
    snaplen=110,
)
def delay_spike_of_the_acks(lab):
    _, client, server = lab.pair()
    lab.transfer(client, server, 60_000)
    lab.wait(0.3)
    stall(lab, 's2c', 0.7)
    lab.transfer(client, server, 30_000)
    lab.wait(0.8)
    lab.wire.policy = None
    lab.close_pair(client, server)


delay_spike_of_the_acks.proves(timeout_was_needless)


def short_answers(lab, count=3):
    """Gives the sender a true idea of the round trip."""
    _, client, server = lab.pair()
    for _ in range(count):
        client.send(b'q' * 1000)
        read(server, 1000)
        server.send(b'r' * 100)
        read(client, 100)
    lab.wait(0.3)
    return client, server


@scenario(
    'transfer/last-acks-lost-so-probe-resends-needlessly',
    'The ACKs of the last segments are lost: the tail loss probe resends what had arrived, and D-SACK says so.',
    network='wire',
    delay=0.02,
)
def probe_because_ack_lost(lab):
    client, server = short_answers(lab)
    over = time.monotonic() + 0.085
    lab.wire.policy = lambda segment: DROP if segment.direction == 's2c' and time.monotonic() < over else None
    lab.act('no ACK comes through for 0.085 s')
    client.send(b'T' * 5000)
    read(server, 5000)
    lab.wait(1)
    lab.close_pair(client, server)


@probe_because_ack_lost.proves
def _(proof):
    proof.that('only ACKs were lost', proof.truth['wire_log'] and all(event['len'] == 0 for event in proof.truth['wire_log']))
    probe_was_needless(proof)


@scenario(
    'transfer/delayed-so-probe-resends-needlessly',
    'The last segments of a message come 0.15 s late: the tail loss probe sends the last one a second time.',
    network='wire',
    delay=0.02,
)
def probe_because_late(lab):
    client, server = short_answers(lab)
    stall(lab, 'c2s', 0.18)
    client.send(b'T' * 5000)
    read(server, 5000)
    lab.wire.policy = None
    lab.wait(1)
    lab.close_pair(client, server)


@probe_because_late.proves
def late_probe(proof):
    proof.that('the wire lost nothing', not proof.truth['wire_log'])
    probe_was_needless(proof)


def probe_was_needless(proof):
    proof.counted('c', 'TcpExtTCPLossProbes')
    proof.counted('s', 'TcpExtTCPDSACKOldSent')
    proof.counted('c', 'TcpExtTCPDSACKRecv')
    proof.that('no timeout ran out', proof.count('c', 'TcpExtTCPTimeouts') == 0)
