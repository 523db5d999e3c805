"""Transfers that are slow though nothing is lost: buffers, applications, small writes, pauses."""

import time

from driver.scenario import scenario
from driver.sockets import NODELAY, read, receive_buffer, send_buffer


@scenario(
    'transfer/limited-by-fixed-receive-buffer',
    'A round trip of 80 ms and a receive buffer of 16 KB: the window is full once every round trip.',
    network='wire',
    delay=0.04,
    snaplen=110,
)
def receive_buffer_limits(lab):
    _, client, server = lab.pair(server_options=[receive_buffer(16384)])
    writer = lab.push(client, 200_000)
    lab.in_background(lambda: (lab.wait(0.6), lab.snap('under way')))
    lab.note(f'{len(read(server, 200_000))} bytes')
    writer.join(5)
    lab.close_pair(client, server)


@receive_buffer_limits.proves
def _(proof):
    proof.showed('under way', 'c', 'rwnd_limited')
    proof.noted('200000 bytes')
    proof.not_retransmitted()


@scenario(
    'transfer/limited-by-fixed-send-buffer',
    'A round trip of 80 ms and a send buffer of 8 KB: the sender never has more under way than its buffer holds, the window of the receiver '
    'stays open.',
    network='wire',
    delay=0.04,
    snaplen=110,
)
def send_buffer_limits(lab):
    _, client, server = lab.pair(client_options=[send_buffer(8192)])
    lab.in_background(lambda: (lab.wait(0.8), lab.snap('under way')))
    lab.transfer(client, server, 200_000)
    lab.close_pair(client, server)


@send_buffer_limits.proves
def _(proof):
    proof.showed('under way', 'c', 'sndbuf_limited')
    proof.noted('200000 of 200000')
    proof.not_retransmitted()


@scenario(
    'transfer/limited-by-slow-reader',
    'The reader takes 4 KB every 50 ms from a buffer of 16 KB: the window opens and closes.',
    network='wire',
    delay=0.005,
    snaplen=110,
)
def slow_reader(lab):
    _, client, server = lab.pair(server_options=[receive_buffer(16384)])
    lab.push(client, 200_000)
    received = 0
    while received < 200_000 and (part := server.recv(4096)):
        received += len(part)
        time.sleep(0.05)
    lab.note(f'{received} bytes')
    lab.close_pair(client, server)


@slow_reader.proves
def _(proof):
    proof.noted('200000 bytes')
    proof.that('the window closed', proof.count('s', 'TcpExtTCPToZeroWindowAdv') + proof.count('s', 'TcpExtTCPWantZeroWindowAdv') > 0)


@scenario(
    'transfer/limited-by-sending-application',
    'The sender writes 2 KB every 60 ms: the network is idle most of the time.',
    network='wire',
    delay=0.01,
    snaplen=110,
)
def sending_application(lab):
    _, client, server = lab.pair()
    lab.in_background(lambda: read(server, 60_000))
    for _ in range(30):
        client.send(b'a' * 2000)
        time.sleep(0.06)
    lab.snap('end')
    lab.close_pair(client, server)


@sending_application.proves
def _(proof):
    proof.showed('end', 'c', 'app_limited')
    proof.not_retransmitted()


@scenario('transfer/slow-answers-of-the-application', 'The server thinks for 700 ms before each answer.', network='wire', delay=0.01)
def slow_answers(lab):
    _, client, server = lab.pair()

    def serve():
        for _ in range(3):
            read(server, 50)
            time.sleep(0.7)
            server.send(b'A' * 4000)

    lab.in_background(serve)
    began = time.time()
    for _ in range(3):
        client.send(b'q' * 50)
        read(client, 4000)
    lab.note(f'three answers took {time.time() - began:.1f} s')
    lab.close_pair(client, server)


@slow_answers.proves
def _(proof):
    proof.noted('three answers took 2.')
    proof.not_retransmitted()


def write_write_read(lab, times, options=()):
    """Two small writes for each request, as of a header and a body."""
    _, client, server = lab.pair(client_options=options)
    took = []

    def serve():
        for _ in range(times):
            read(server, 30)
            server.send(b'r' * 20)

    lab.in_background(serve)
    for _ in range(times):
        began = time.time()
        client.send(b'h' * 10)
        client.send(b'b' * 20)
        read(client, 20)
        took.append(round((time.time() - began) * 1000, 1))
        time.sleep(0.005)
    lab.note(f'milliseconds of each request: {took}')
    lab.close_pair(client, server)


@scenario(
    'transfer/small-writes-stall-because-nagle-meets-delayed-ack',
    'Write, write, read without TCP_NODELAY: the second write waits for an ACK that is delayed by 40 ms.',
    network='wire',
    delay=0.001,
)
def nagle(lab):
    write_write_read(lab, 30)


@nagle.proves
def _(proof):
    proof.counted('s', 'TcpExtDelayedACKs', 20)


@scenario('transfer/small-writes-with-nodelay', 'Write, write, read with TCP_NODELAY: no pauses.', network='wire', delay=0.001)
def nodelay(lab):
    write_write_read(lab, 30, [NODELAY])


@nodelay.proves
def _(proof):
    proof.that('few ACKs were delayed', proof.count('s', 'TcpExtDelayedACKs') < 5, proof.count('s', 'TcpExtDelayedACKs'))


@scenario(
    'transfer/slow-start-after-pause',
    'Much data, three seconds of nothing, much data: the congestion window begins again (tcp_slow_start_after_idle=1).',
    network='wire',
    delay=0.02,
    snaplen=110,
)
def slow_start_after_pause(lab):
    _, client, server = lab.pair()
    lab.transfer(client, server, 300_000)
    lab.snap('before the pause')
    lab.wait(3)
    lab.transfer(client, server, 300_000)
    lab.close_pair(client, server)


@slow_start_after_pause.proves
def _(proof):
    proof.that('it was on', 'net.ipv4.tcp_slow_start_after_idle = 1' in proof.truth['sysctl_tcp']['c'])
    proof.noted('300000 of 300000')
    times = [segment.time for segment in proof.captured('client') if segment.has_data]
    after = next((index + 1 for index, (one, other) in enumerate(zip(times, times[1:])) if other - one > 2.5), None)
    flight = sum(1 for at in times[after:] if at < times[after] + 0.03) if after else 0
    proof.that('the first flight after the pause was of ten segments', 8 <= flight <= 12, flight)


@scenario(
    'transfer/server-pushes-events',
    'Nothing is wrong: a client subscribes and then only listens, while the server sends an event every 1.7 s.',
    network='wire',
    delay=0.05,
)
def server_pushes(lab):
    _, client, server = lab.pair(port=1883)
    client.send(b'subscribe')
    read(server, 9)
    for _ in range(6):
        server.send(b'event' * 20)
        read(client, 100)
        lab.wait(1.7)
    lab.close_pair(client, server)


@server_pushes.proves
def _(proof):
    proof.not_retransmitted()
    proof.no_reset()
