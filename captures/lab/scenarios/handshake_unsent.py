"""Connections that fail before a SYN leaves the client, or before the listener sees it."""

import re
import socket
import time

from driver.interventions import pin_to_processor
from driver.scenario import scenario
from driver.sockets import error_of, read

IP_MINTTL = 21
TTL_SECURITY_PORT = 179  # BGP, where peers are one hop apart
PORTS = 12
MANY_RULES = 100_000
TRIES = 3  # more would bury the one that matters


@scenario(
    'handshake/no-syn-because-local-ports-are-exhausted',
    'The client closes first each time, so its twelve local ports end in TIME_WAIT: the thirteenth connect() fails without a packet.',
    network='wire',
    delay=0.005,
    sysctls={'c': {'net.ipv4.ip_local_port_range': f'40000 {40000 + PORTS - 1}', 'net.ipv4.tcp_tw_reuse': 0}},
)
def local_ports_exhausted(lab):
    listener = lab.listen()
    for _ in range(PORTS):
        client = lab.connect()
        server = lab.accept(listener)
        client.send(b'one request')
        read(server, 11)
        client.close()
        lab.wait(0.03)
        server.close()
        lab.wait(0.03)
    lab.snap('all ports in TIME_WAIT')
    for _ in range(3):
        lab.note(f'connect: {error_of(lab.connect)}')
        lab.wait(0.5)


@local_ports_exhausted.proves
def _(proof):
    proof.noted('Cannot assign requested address')
    proof.polled('c', 'TIME_WAIT', least=PORTS)
    proof.seen('client', 'no SYN but those of the first connections', lambda segment: segment.syn and not segment.has_ack, least=PORTS, most=PORTS)


@scenario(
    'handshake/syns-dropped-because-ttl-is-too-low',
    'The listener wants TTL 255 (IP_MINTTL, as BGP speakers do), the client sends with 64: its SYNs are dropped in silence.',
    network='wire',
    delay=0.005,
    sysctls={'c': {'net.ipv4.tcp_syn_retries': 2}},
)
def ttl_too_low(lab):
    lab.listen(port=TTL_SECURITY_PORT, options=[(socket.IPPROTO_IP, IP_MINTTL, 255)])
    lab.note(f'connect: {error_of(lambda: lab.connect(port=TTL_SECURITY_PORT, timeout=30))}')
    lab.wait(0.1)


@ttl_too_low.proves
def _(proof):
    proof.counted('s', 'TcpExtTCPMinTTLDrop')
    proof.dropped('TCP_MINTTL', 's')
    proof.failed('c', 'Connection timed out')


@scenario(
    'handshake/syn-dropped-because-nat-ports-clash',
    'Two clients behind one NAT connect from the same port at the same instant, on two processors: both get the same address and port, and the SYN '
    'that comes second to the table is dropped. Many rules between choice and entry make the race easy to lose.',
    network='router2',
    vantages='cds',
)
def nat_ports_clash(lab):
    lab.filter('r', 'table ip nat { chain c { type nat hook postrouting priority srcnat; oifname "rs" masquerade; }\n}')
    rules = ' '.join('meta mark 77 accept;' for _ in range(MANY_RULES))
    slow = f'table ip slow {{ chain c {{ type filter hook postrouting priority 200; tcp flags & (syn|ack) != syn accept; {rules} }}\n}}'
    lab.filter('r', slow, told=f'{MANY_RULES} rules without effect between the choice of the port and its entry')
    listener = lab.listen()
    for attempt in range(TRIES):
        clients = start_together(lab, 40000 + attempt)
        lab.wait(0.2)
        if insert_failed(lab):
            break
        for client in clients:  # both got through: once more, from another port
            lab.accept(listener).close()
            client.close()
    lab.note(f'insert_failed {insert_failed(lab)} after {attempt + 1} tries')
    lab.wait(1.5)
    servers = [lab.accept(listener) for _ in clients]
    for client in clients:
        client.setblocking(True)
        client.send(b'hello')
    for server in servers:
        read(server, 5)
    for sock in clients:
        sock.close()
    lab.wait(0.1)
    for sock in servers:
        sock.close()
    lab.wait(0.3)


def start_together(lab, port):
    """One thread a client, each on its own processor."""
    clients = []
    for role in 'cd':
        sock = lab.new_socket(role)
        sock.bind((lab.address(role), port))
        sock.setblocking(False)
        clients.append(sock)
    target, begin = (lab.address('s'), 5000), time.monotonic() + 0.02

    def connect(sock, processor):
        pin_to_processor(processor)
        while time.monotonic() < begin:
            pass
        sock.connect_ex(target)

    threads = [lab.in_background(connect, sock, processor) for processor, sock in enumerate(clients)]
    for thread in threads:
        thread.join()
    return clients


def insert_failed(lab):
    return sum(int(count) for count in re.findall(r'insert_failed=(\d+)', lab.hosts['r'].run('conntrack -S')))


@nat_ports_clash.proves
def _(proof):
    proof.that('insert_failed rose at the router', 'insert_failed 1 after' in str(proof.truth['notes']), proof.truth['notes'])
    proof.retransmitted(None, 'SYN_SENT', least=1, most=1)
    proof.that('both connected in the end', sum(state['new'] == 'ESTABLISHED' and state['side'] in 'cd' for state in proof.truth['states']) >= 2)
