"""Handshakes through a box that changes sequence numbers, as firewalls do that do not trust those of the hosts."""

import struct

from driver.scenario import scenario
from driver.sockets import error_of, read

PORT_OF_CLIENT = 40000
FAR = 100_000_000
SEQ, ACK = 4, 8  # bytes from the beginning of the TCP header


def shift(segment, field, distance):
    """Adds to the sequence or the acknowledgment number."""
    at = segment.header + field
    number = struct.unpack_from('!I', segment.raw, at)[0]
    struct.pack_into('!I', segment.raw, at, (number + distance) & 0xFFFFFFFF)
    segment.renew_checksum()
    return bytes(segment.raw)


def lower_numbers_of_client(lab):
    """What the client sends appears to begin that much lower; what it gets is changed back."""

    def policy(segment):
        if segment.direction == 'c2s':
            return [(lab.delay, shift(segment, SEQ, -FAR))]
        if segment.has_ack:
            return [(lab.delay, shift(segment, ACK, FAR))]

    lab.wire.policy = policy


@scenario(
    'handshake/syn-challenged-because-time-wait-expects-higher-numbers',
    'A firewall gives connections sequence numbers of its own, and there are no timestamps: the second SYN from one port starts below what the '
    'TIME_WAIT of the server remembers, and gets an ACK.',
    network='wire',
    delay=0.01,
    sysctls={'cs': {'net.ipv4.tcp_timestamps': 0}},
)
def lower_numbers(lab):
    listener, client, server = lab.pair(source_port=PORT_OF_CLIENT)
    client.send(b'first')
    read(server, 5)
    lab.close(server, 'server')
    lab.wait(0.1)
    lab.close(client, 'client')
    lab.wait(0.3)
    lab.snap('TIME_WAIT of the server')
    lower_numbers_of_client(lab)
    lab.act('from now on the firewall begins lower')
    client = lab.connect(source_port=PORT_OF_CLIENT)
    server = lab.accept(listener)
    client.send(b'second')
    lab.note(f'the server read {read(server, 6)}')
    lab.close_pair(client, server)


@lower_numbers.proves
def _(proof):
    proof.polled('s', 'TIME_WAIT')
    proof.that('the wire lost nothing', not proof.truth['wire_log'])
    proof.reset_sent('c', 'TCP_INVALID_ACK_SEQUENCE')
    proof.not_counted('s', 'TcpExtPAWSTimewait')
    proof.noted("the server read b'second'")


@scenario(
    'handshake/syn-ack-reset-because-its-acknowledgment-was-changed',
    'A firewall changes the acknowledgment of the SYN-ACK and forgets the SYN: the client has sent nothing of the kind, resets it and goes on '
    'with its SYN.',
    network='wire',
    delay=0.01,
    sysctls={'c': {'net.ipv4.tcp_syn_retries': 2}},
)
def changed_acknowledgment(lab):
    lab.wire.policy = lambda segment: [(lab.delay, shift(segment, ACK, FAR))] if segment.direction == 's2c' and segment.syn else None
    lab.listen()
    lab.note(f'connect: {error_of(lambda: lab.connect(timeout=20))}')
    lab.wait(0.2)


@changed_acknowledgment.proves
def _(proof):
    proof.dropped('TCP_INVALID_ACK_SEQUENCE', 'c', least=2)
    proof.reset_sent('c', 'TCP_INVALID_ACK_SEQUENCE', least=2)
    proof.noted('timed out')
