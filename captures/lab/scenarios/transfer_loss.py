"""Segments that are lost, and how the sender finds out and gives up."""

import random
import socket

from driver.scenario import scenario
from driver.sockets import error_of, read
from driver.wire import DROP

TCP_USER_TIMEOUT = 18


@scenario(
    'transfer/two-percent-lost',
    'Two percent of the segments are lost in both directions, at random.',
    network='wire',
    delay=0.01,
    snaplen=110,
)
def two_percent(lab):
    _, client, server = lab.pair()
    chance = random.Random(7)
    lab.wire.policy = lambda segment: DROP if chance.random() < 0.02 else None
    lab.transfer(client, server, 600_000)
    lab.wire.policy = None
    lab.close_pair(client, server)


@two_percent.proves
def _(proof):
    proof.lost_on_the_wire(5)
    proof.counted('c', 'TcpExtTCPFastRetrans')
    proof.counted('c', 'TcpExtTCPSackRecovery')
    proof.noted('600000 of 600000')


@scenario(
    'transfer/lost-without-sack',
    'Every 25th segment is lost once and SACK is off.',
    network='wire',
    delay=0.01,
    snaplen=110,
    sysctls={'cs': {'net.ipv4.tcp_sack': 0}},
)
def lost_without_sack(lab):
    _, client, server = lab.pair()
    seen = set()

    def policy(segment):
        if segment.direction == 'c2s' and segment.has_data and segment.seq not in seen:
            seen.add(segment.seq)
            return DROP if len(seen) % 25 == 0 else None

    lab.wire.policy = policy
    lab.transfer(client, server, 200_000)
    lab.wire.policy = None
    lab.close_pair(client, server)


@lost_without_sack.proves
def _(proof):
    proof.counted('c', 'TcpExtTCPRenoRecovery')
    proof.noted('200000 of 200000')


def lose_tail(lab, losses):
    """Of a response of seven segments the last is lost, and its first repetitions."""
    _, client, server = lab.pair()
    for _ in range(3):
        client.send(b'q' * 100)
        read(server, 100)
        server.send(b'r' * 1000)
        read(client, 1000)
    lab.wait(0.3)
    count = [0]

    def policy(segment):
        if segment.direction == 's2c' and segment.has_data:
            count[0] += 1
            return DROP if 7 <= count[0] < 7 + losses else None

    lab.wire.policy = policy
    server.send(b'R' * 10000)
    read(client, 10000)
    lab.wait(0.3)
    lab.close_pair(client, server)


@scenario(
    'transfer/tail-lost-repaired-by-probe',
    'The last segment of a response is lost: the tail loss probe repairs it.',
    network='wire',
    delay=0.02,
)
def tail_probe(lab):
    lose_tail(lab, 1)


@tail_probe.proves
def _(proof):
    proof.counted('s', 'TcpExtTCPLossProbes')
    proof.that('no timeout ran out', proof.count('s', 'TcpExtTCPTimeouts') == 0)
    proof.retransmitted('s')


@scenario(
    'transfer/tail-lost-repaired-by-timeout',
    'The last segment of a response is lost, and so are its probe and two repetitions: timeouts that double.',
    network='wire',
    delay=0.02,
)
def tail_timeout(lab):
    lose_tail(lab, 4)


@tail_timeout.proves
def _(proof):
    proof.counted('s', 'TcpExtTCPTimeouts', 2)
    proof.retransmitted('s', least=4)


def vanish(lab, seconds, options=()):
    """The peer cannot be reached any more, with data on the way."""
    _, client, server = lab.pair(client_options=options)
    client.send(b'x' * 2000)
    read(server, 2000)
    lab.wait(0.2)
    lab.wire.policy = lambda segment: DROP
    lab.act('nothing comes through any more')
    client.send(b'y' * 3000)
    lab.wait(0.5)
    lab.snap('retransmitting')
    lasted = lab.wait_until(lambda: not lab.has_sockets('c', 'established'), seconds)
    lab.note(f'client gave up {lasted + 0.5:.2f} s after the write: {error_of(client.recv, 1)}')
    lab.wait(0.5)


def given_up(proof):
    proof.counted('c', 'TcpExtTCPAbortOnTimeout')
    proof.retransmitted('c', least=3)
    proof.entered('c', 'ESTABLISHED', 'CLOSE')
    proof.failed('c', 'Connection timed out')
    proof.no_reset()


@scenario(
    'transfer/given-up-after-retries2',
    'The peer vanishes in the middle of a transfer, tcp_retries2=3: repetitions that back off, then ETIMEDOUT.',
    network='wire',
    delay=0.01,
    sysctls={'c': {'net.ipv4.tcp_retries2': 3}},
)
def after_retries2(lab):
    vanish(lab, 20)


after_retries2.proves(given_up)


@scenario(
    'transfer/given-up-after-retries2-over-ipv6',
    'Over IPv6 the peer vanishes in the middle of a transfer, tcp_retries2=3: repetitions that back off, then ETIMEDOUT.',
    network='wire',
    delay=0.01,
    v6=True,
    sysctls={'c': {'net.ipv4.tcp_retries2': 3}},
)
def after_retries2_over_ipv6(lab):
    vanish(lab, 20)


after_retries2_over_ipv6.proves(given_up)


@scenario(
    'transfer/given-up-after-user-timeout',
    'The peer vanishes and TCP_USER_TIMEOUT is 2500 ms.',
    network='wire',
    delay=0.01,
)
def after_user_timeout(lab):
    vanish(lab, 20, options=[(socket.IPPROTO_TCP, TCP_USER_TIMEOUT, 2500)])


after_user_timeout.proves(given_up)
