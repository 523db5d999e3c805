"""Connections that end because a process, a listener or an administrator ends them."""

import signal
import socket
import subprocess
import sys

from driver.scenario import scenario
from driver.sockets import error_of, read

# A server in its own process: accepts what is asked of it, then reads from none but the first connections.
SERVER = """
import socket, sys, time
address, connections, read, backlog = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
family = socket.AF_INET6 if ':' in address else socket.AF_INET
listener = socket.socket(family)
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind((address, 5000))
listener.listen(backlog)
print('listening', flush=True)
accepted = []
for number in range(connections):
    sock, _ = listener.accept()
    accepted.append(sock)
    if number < read:
        sock.recv(100)
        sock.send(b'answer')
time.sleep(60)
"""


def start_server(lab, connections, read, backlog=128):
    process = lab.hosts['s'].start(
        [sys.executable, '-c', SERVER, lab.address('s'), str(connections), str(read), str(backlog)], stdout=subprocess.PIPE
    )
    process.stdout.readline()
    lab.act(f'a server process {process.pid} listens')
    return process


def kill(lab, process, number, name):
    lab.act(f'the server process gets {name}')
    process.send_signal(number)
    process.wait()


@scenario(
    'closing/process-killed-with-open-connections',
    'A server process is killed with five connections open, two of them with requests that it had not read, and two more not yet accepted.',
    network='wire',
    delay=0.005,
)
def process_killed(lab):
    process = start_server(lab, connections=5, read=3)
    clients = [lab.connect() for _ in range(7)]
    for client in clients:
        client.send(b'request')
    for client in clients[:3]:
        read(client, 6)
    lab.wait(0.3)
    lab.snap('working')
    kill(lab, process, signal.SIGKILL, 'SIGKILL')
    lab.wait(0.3)
    lab.note(f'clients: {[error_of(client.recv, 10) for client in clients]}')
    for client in clients:
        client.close()
    lab.note(f'a new connection: {error_of(lab.connect)}')
    lab.wait(0.2)


@process_killed.proves
def _(proof):
    proof.counted('s', 'TcpExtTCPAbortOnClose', 2)
    proof.reset_sent('s', 'TCP_ABORT_ON_CLOSE', 2)
    proof.entered('s', 'ESTABLISHED', 'FIN_WAIT1')
    proof.noted('Connection refused')


@scenario(
    'closing/listener-restart-resets-many',
    'A busy server is restarted: everything in its accept queue is reset at once, new connections are refused until it listens again.',
    network='wire',
    delay=0.005,
)
def listener_restarted(lab):
    process = start_server(lab, connections=4, read=4)
    clients = [lab.connect() for _ in range(14)]
    for client in clients:
        client.send(b'request')
    for client in clients[:4]:
        read(client, 6)
    lab.wait(0.2)
    lab.snap('queued')
    kill(lab, process, signal.SIGTERM, 'SIGTERM')
    lab.wait(0.2)
    for client in clients:
        client.close()
    for _ in range(3):
        lab.note(f'while nobody listens: {error_of(lab.connect)}')
        lab.wait(0.2)
    process = start_server(lab, connections=3, read=3)
    again = [lab.connect() for _ in range(3)]
    for client in again:
        client.send(b'request')
        lab.note(f'after the restart: {read(client, 6)}')
        client.close()
    lab.wait(0.2)
    process.kill()
    process.wait()


@listener_restarted.proves
def _(proof):
    resets = proof.resets('s')
    proof.that(
        'ten connections of the queue were reset',
        len([each for each in resets if each['reason'] in ('TCP_STATE', 'TCP_ABORT_ON_CLOSE')]) >= 10,
        len(resets),
    )
    proof.reset_sent('s', 'NO_SOCKET', 3)
    proof.noted("after the restart: b'answer'")


@scenario(
    'closing/idle-connection-destroyed-by-ss',
    'An administrator destroys an idle connection of the server with ss -K: a reset without any cause in the conversation.',
    network='wire',
    delay=0.005,
)
def destroyed_by_ss(lab):
    _, client, server = lab.pair()
    for _ in range(2):
        client.send(b'question')
        read(server, 8)
        server.send(b'answer')
        read(client, 6)
    lab.wait(3)
    lab.act('ss -K on the server')
    lab.note(lab.hosts['s'].run(f'ss -tK dst {lab.address("c")}').splitlines()[-1])
    lab.wait(0.2)
    lab.note(f'server recv: {error_of(server.recv, 1)}')
    lab.note(f'client recv: {error_of(client.recv, 1)}')


@destroyed_by_ss.proves
def _(proof):
    proof.noted('Software caused connection abort')
    proof.that(
        'the server sent the only reset, of its own accord',
        [(each['side'], each['in_reply_to_segment']) for each in proof.truth['resets_sent']] == [('s', False)],
        proof.resets(),
    )
    proof.entered('s', 'ESTABLISHED', 'CLOSE')


@scenario(
    'closing/half-close-never-answered',
    'The client shuts down its sending side and keeps its socket; the server reads the end of the data and never closes. FIN_WAIT2 has no '
    'limit then. A second connection, 12 s later, shows how long the first one was silent.',
    network='wire',
    delay=0.005,
    sysctls={'c': {'net.ipv4.tcp_fin_timeout': 3}},
)
def half_close_never_answered(lab):
    listener, client, _ = half_closed(lab)
    stay_silent(lab, listener, client)


@scenario(
    'closing/half-close-stuck-after-half-the-answer',
    'The client shuts down its sending side and reads on. The server sends the first half of its answer, which the client takes, then neither the '
    'rest nor its FIN: both wait. A second connection, 12 s later, shows how long.',
    network='wire',
    delay=0.005,
    sysctls={'c': {'net.ipv4.tcp_fin_timeout': 3}},
)
def half_close_stuck_after_half_the_answer(lab):
    listener, client, server = half_closed(lab)
    for _ in range(5):
        server.send(b'a tenth of the answer..')
        lab.wait(0.2)
    lab.note(f'after its FIN the client read {len(client.recv(1000))} bytes')
    stay_silent(lab, listener, client)


def half_closed(lab):
    """A listener, a client that has sent its FIN and keeps its socket, and the server's end."""
    listener, client, server = lab.pair()
    client.send(b'request')
    read(server, 7)
    server.send(b'accepted')
    read(client, 8)
    lab.act('client shutdown(SHUT_WR)')
    client.shutdown(socket.SHUT_WR)
    return listener, client, server


def stay_silent(lab, listener, client):
    """Nothing happens on the first connection. The second one is its witness in the capture."""
    lab.wait(12)
    lab.snap('still FIN_WAIT2')
    witness = lab.connect()
    lab.close_pair(witness, lab.accept(listener))
    client.settimeout(0.1)
    lab.note(f'the client still waits: {error_of(client.recv, 1)}')


def both_waited(proof):
    proof.entered('c', 'ESTABLISHED', 'FIN_WAIT1', 'FIN_WAIT2')
    proof.showed('still FIN_WAIT2', 'c', 'FIN-WAIT-2')
    proof.showed('still FIN_WAIT2', 's', 'CLOSE-WAIT')
    proof.noted('the client still waits: TimeoutError')
    proof.no_reset()


@half_close_never_answered.proves
def _(proof):
    both_waited(proof)


@half_close_stuck_after_half_the_answer.proves
def _(proof):
    both_waited(proof)
    proof.noted('after its FIN the client read 115 bytes')


@scenario(
    'closing/time-waits-pile-up',
    'Forty short connections, each closed by the client first: its TIME_WAITs pile up.',
    network='wire',
    delay=0.002,
)
def time_waits_pile_up(lab):
    listener = lab.listen()
    for _ in range(40):
        client = lab.connect()
        server = lab.accept(listener)
        client.send(b'request')
        read(server, 7)
        server.send(b'answer')
        read(client, 6)
        client.close()
        lab.wait(0.01)
        server.close()
    lab.wait(0.2)
    lab.snap('pile')


@time_waits_pile_up.proves
def _(proof):
    proof.counted('c', 'TcpExtTW', 40)
    proof.polled('c', 'TIME_WAIT', least=40)
