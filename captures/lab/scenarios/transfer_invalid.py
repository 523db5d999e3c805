"""Segments that an established connection does not accept."""

import time

from driver.scenario import scenario
from driver.segment import ACK, PSH, RST, SYN
from driver.sockets import read

RATE_LIMIT = 'net.ipv4.tcp_invalid_ratelimit'
SHIFT = 100_000_000


def greet(lab):
    _, client, server = lab.pair()
    client.send(b'hello')
    read(server, 5)
    server.send(b'world')
    read(client, 5)
    lab.wait(0.3)
    last = lab.wire.last['c2s']
    return client, server, last, last.seq + last.length


@scenario(
    'transfer/invalid-segments-challenged',
    'Into an established connection come: a reset within the window, one outside, a SYN, an ACK of what was never sent, a very old ACK, data '
    'outside the '
    'window, old data, and at last a reset with the exact number.',
    network='wire',
    delay=0.005,
)
def invalid_segments(lab):
    client, _, last, following = greet(lab)
    value, echo = last.timestamps()
    began = time.time()

    def stamps():
        return value + int((time.time() - began) * 1000), echo

    for name, seq, ack, flags, more in (
        ('reset in the window, not exact', following + 100, 0, RST, {}),
        ('reset outside the window', following + 10_000_000, 0, RST, {}),
        ('SYN', following, 0, SYN, {}),
        ('ACK of what was not sent', following, last.ack + 5000, ACK, {'timestamps': stamps}),
        ('very old ACK', following, last.ack - 20_000_000, ACK, {'timestamps': stamps}),
        ('data outside the window', following + 9_000_000, last.ack, PSH | ACK, {'timestamps': stamps, 'payload': b'Z' * 50}),
        ('old data', following - 5, last.ack, PSH | ACK, {'timestamps': stamps, 'payload': b'hello'}),
        ('exact reset', following, 0, RST, {}),
    ):
        lab.act(name)
        lab.inject('c2s', seq, ack, flags, like=last, **{key: value() if callable(value) else value for key, value in more.items()})
        lab.wait(0.7)
    lab.snap('after the exact reset')
    client.send(b'x')
    lab.wait(0.3)


@invalid_segments.proves
def _(proof):
    proof.counted('s', 'TcpExtTCPChallengeACK', 2)
    proof.counted('s', 'TcpExtTCPSYNChallenge')
    for reason in ('TCP_RESET', 'TCP_INVALID_SEQUENCE', 'TCP_INVALID_SYN', 'TCP_ACK_UNSENT_DATA'):
        proof.dropped(reason, 's')
    proof.that('the exact reset ended it', any(each['side'] == 's' for each in proof.truth['resets_received']))


@scenario(
    'transfer/segments-refused-because-timestamp-is-old',
    'Segments with a timestamp older than the last one: refused, whatever else is right with them (PAWS).',
    network='wire',
    delay=0.005,
)
def old_timestamp(lab):
    client, server, last, following = greet(lab)
    value, echo = last.timestamps()
    old = (value - 100_000, echo)
    lab.inject('c2s', following, last.ack, PSH | ACK, payload=b'EVIL-OLD-TS', timestamps=old)
    lab.wait(0.2)
    lab.inject('c2s', following, last.ack, ACK, timestamps=old)
    lab.wait(0.2)
    lab.inject('c2s', following, last.ack - 3, ACK, timestamps=old)
    lab.wait(0.7)
    lab.inject('c2s', following - 5, last.ack, PSH | ACK, payload=b'hello', timestamps=old)
    lab.wait(0.7)
    lab.snap('after')
    client.send(b'again')
    read(server, 5)
    lab.close_pair(client, server)


@old_timestamp.proves
def _(proof):
    proof.counted('s', 'TcpExtPAWSEstab', 2)
    proof.dropped('TCP_RFC7323_PAWS', 's')


@scenario(
    'transfer/duplicate-acks-answer-one-another',
    'A box begins to shift the sequence numbers of both directions, so that neither end accepts the other: each answers with an ACK that the '
    'other does not '
    'accept, round trip after round trip (tcp_invalid_ratelimit=0, which allows it).',
    network='wire',
    delay=0.02,
    sysctls={'cs': {RATE_LIMIT: 0}},
)
def ack_loop(lab):
    client, _, _, _ = greet(lab)

    def shift(segment):
        shifted = (segment.seq + SHIFT) & 0xFFFFFFFF
        segment.raw[segment.header + 4 : segment.header + 8] = shifted.to_bytes(4, 'big')
        segment.renew_checksum()
        return [(lab.delay, bytes(segment.raw))]

    lab.wire.policy = shift
    lab.act('the box shifts sequence numbers')
    client.send(b'data')
    lab.wait(1.5)
    lab.snap('loop')


@ack_loop.proves
def _(proof):
    proof.dropped('TCP_INVALID_SEQUENCE', 's', least=10)
    proof.dropped('TCP_INVALID_SEQUENCE', 'c', least=10)
    proof.seen('client', 'ACKs without data', lambda segment: segment.flags == ACK and segment.length == 0, least=40)
    proof.no_reset()
