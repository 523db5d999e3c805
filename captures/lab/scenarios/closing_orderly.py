"""Connections that end as they should."""

import socket

from driver.scenario import scenario
from driver.segment import ACK
from driver.sockets import read, read_to_end
from driver.wire import DROP


@scenario('closing/client-closes-first', 'Request, answer, and the client closes first.', network='wire', delay=0.005)
def client_closes_first(lab):
    _, client, server = lab.pair()
    client.send(b'GET / HTTP/1.0\r\n\r\n')
    read(server, 18)
    lab.wait(0.02)
    server.send(b'x' * 8000)
    read(client, 8000)
    lab.snap('established')
    lab.close(client, 'client')
    lab.wait(0.1)
    lab.snap('close_wait')
    lab.close(server, 'server')
    lab.wait(0.2)
    lab.snap('time_wait')


@client_closes_first.proves
def _(proof):
    proof.entered('c', 'CLOSE', 'SYN_SENT', 'ESTABLISHED', 'FIN_WAIT1', 'FIN_WAIT2', 'CLOSE')
    proof.entered('s', 'LISTEN', 'SYN_RECV', 'ESTABLISHED', 'CLOSE_WAIT', 'LAST_ACK', 'CLOSE')
    proof.polled('c', 'TIME_WAIT')


@scenario('closing/server-closes-first', 'The server closes first and keeps the TIME_WAIT.', network='wire', delay=0.005)
def server_closes_first(lab):
    _, client, server = lab.pair()
    client.send(b'GET\r\n')
    read(server, 5)
    server.send(b'y' * 3000)
    lab.close(server, 'server')
    lab.wait(0.05)
    read_to_end(client)
    lab.wait(0.05)
    lab.close(client, 'client')
    lab.wait(0.2)
    lab.snap('time_wait')


@server_closes_first.proves
def _(proof):
    proof.entered('s', 'ESTABLISHED', 'FIN_WAIT1', 'FIN_WAIT2', 'CLOSE')
    proof.entered('c', 'ESTABLISHED', 'CLOSE_WAIT', 'LAST_ACK', 'CLOSE')
    proof.polled('s', 'TIME_WAIT')


@scenario('closing/both-close-at-once', 'Both close at the same time: CLOSING at both ends.', network='wire', delay=0.04)
def both_close_at_once(lab):
    _, client, server = lab.pair()
    client.send(b'hi')
    read(server, 2)
    lab.wait(0.2)
    lab.close(client, 'client')
    lab.close(server, 'server')
    lab.wait(0.06)
    lab.snap('closing')
    lab.wait(0.3)
    lab.snap('after')


@both_close_at_once.proves
def _(proof):
    for side in 'cs':
        proof.entered(side, 'ESTABLISHED', 'FIN_WAIT1', 'CLOSING', 'CLOSE')


@scenario(
    'closing/half-close-with-data-flowing',
    'The client shuts down its sending side, the server sends for another second.',
    network='wire',
    delay=0.005,
)
def half_close(lab):
    _, client, server = lab.pair()
    client.send(b'request')
    lab.act('client shutdown(SHUT_WR)')
    client.shutdown(socket.SHUT_WR)
    read_to_end(server)
    for _ in range(5):
        server.send(b'z' * 2000)
        lab.wait(0.2)
    lab.snap('half-closed')
    lab.close(server, 'server')
    lab.note(f'client got {read_to_end(client)} bytes')
    lab.close(client, 'client')
    lab.wait(0.2)
    lab.snap('end')


@half_close.proves
def _(proof):
    proof.noted('client got 10000 bytes')
    proof.entered('c', 'FIN_WAIT1', 'FIN_WAIT2')
    proof.entered('s', 'ESTABLISHED', 'CLOSE_WAIT', 'LAST_ACK')


@scenario(
    'closing/last-ack-lost',
    'The final ACK of the close is lost twice: the server repeats its FIN from LAST_ACK, the TIME_WAIT of the client answers.',
    network='wire',
    delay=0.005,
)
def last_ack_lost(lab):
    _, client, server = lab.pair()
    client.send(b'hi')
    read(server, 2)
    seen = {'fins': 0, 'lost': 0}

    def lose_two_acks_of_the_fin(segment):
        if segment.direction == 's2c' and segment.fin:
            seen['fins'] += 1
        if segment.direction == 'c2s' and seen['fins'] and segment.is_pure_ack and seen['lost'] < 2:
            seen['lost'] += 1
            return DROP

    lab.wire.policy = lose_two_acks_of_the_fin
    lab.close(client, 'client')
    lab.wait(0.1)
    lab.close(server, 'server')
    lab.wait(0.1)
    lab.snap('LAST_ACK')
    lab.wait(1.5)
    lab.snap('end')


@last_ack_lost.proves
def _(proof):
    proof.retransmitted('s', 'LAST_ACK', least=2)
    proof.entered('s', 'LAST_ACK', 'CLOSE')
    proof.polled('c', 'TIME_WAIT')
    proof.seen('client', 'ACKs from TIME_WAIT', lambda segment: segment.flags == ACK and segment.source_port != 5000, least=4)
