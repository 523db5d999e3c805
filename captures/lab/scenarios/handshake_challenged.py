"""SYNs that meet an earlier connection of the same ports, alive or in TIME_WAIT."""

from driver.scenario import scenario
from driver.sockets import error_of, linger_zero, read, read_to_end, timestamp_now
from driver.wire import DROP

PORT_OF_CLIENT = 40000
NAT = 'table ip nat { chain c { type nat hook postrouting priority 100; oifname "rs" masquerade; }\n}'
DROP_INVALID = 'table ip f { chain c { type filter hook forward priority 0; ct state invalid drop; }\n}'
DROP_BARE_ACKS = 'table ip g { chain c { type filter hook prerouting priority -350; iifname "rs" tcp flags & (syn|ack|rst|fin) == ack drop; }\n}'


@scenario(
    'handshake/syn-challenged-because-old-connection-lives',
    'The client has forgotten a connection and connects from the same port while the server is still ESTABLISHED: challenge ACK, reset, SYN '
    'once more.',
    network='wire',
    delay=0.01,
)
def old_connection_lives(lab):
    listener, client, server = lab.pair(source_port=PORT_OF_CLIENT)
    client.send(b'old')
    read(server, 3)
    lab.wire.policy = lambda segment: DROP if segment.direction == 'c2s' and segment.rst else None
    linger_zero(client)
    client.close()
    lab.act('state of the client destroyed in silence')
    lab.wait(0.3)
    lab.wire.policy = None
    lab.snap('half open')
    client = lab.connect(source_port=PORT_OF_CLIENT)
    again = lab.accept(listener)
    client.send(b'new')
    read(again, 3)
    lab.note(f'old socket of the server: {error_of(server.recv, 1)}')
    lab.close_pair(client, again)


@old_connection_lives.proves
def _(proof):
    proof.counted('s', 'TcpExtTCPSYNChallenge')
    proof.reset_sent('c', 'TCP_INVALID_ACK_SEQUENCE')
    proof.noted('old socket of the server: ConnectionResetError')


def order_of_timestamps(lab, listener):
    """Which client has the larger TSval for these ports? It goes first. (Since 4.10 the offset of the timestamps depends on the addresses.)

    The trial connections end with resets and come before the capture.
    """
    values = {}
    for role in 'cd':
        client = lab.connect(role=role, source_port=PORT_OF_CLIENT)
        server = lab.accept(listener)
        values[role] = timestamp_now(client)
        linger_zero(client)
        client.close()
        lab.wait(0.05)
        server.close()
        lab.hosts['r'].run('conntrack -F', check=False)
    first, second = 'cd' if (values['c'] - values['d']) & 0xFFFFFFFF < 0x80000000 else 'dc'
    lab.note(f'TSval: client {values["c"]}, client2 {values["d"]}; first {first}, second {second}')
    lab.extra.update(first=first, second=second)
    lab.wait(0.1)
    lab.journal.actions.clear()
    lab.poll.forget()
    lab.count_from_here()
    lab.start_capture()
    return first, second


def two_clients_one_port(lab, drop_challenges):
    lab.filter('r', NAT)
    if drop_challenges:
        lab.filter('r', DROP_INVALID)
    listener = lab.listen()
    first, second = order_of_timestamps(lab, listener)
    client = lab.connect(role=first, source_port=PORT_OF_CLIENT)
    server = lab.accept(listener)
    client.send(b'1')
    read(server, 1)
    lab.close(server, 'server')
    lab.wait(0.05)
    read_to_end(client)
    lab.close(client, 'first client')
    lab.wait(0.3)
    lab.snap('TIME_WAIT of the server')
    lab.hosts['r'].run('conntrack -F', check=False)
    lab.act('the router forgets: the port is free again')
    if drop_challenges:
        lab.filter('r', DROP_BARE_ACKS)
    return listener, second


@scenario(
    'handshake/syn-challenged-because-time-wait-has-newer-timestamp',
    'Two clients behind one NAT use the same port; the second has an older timestamp, so its SYN meets the TIME_WAIT of the first and gets an ACK.',
    network='router2',
    vantages='cds',
    capture_from_start=False,
)
def newer_timestamp(lab):
    listener, second = two_clients_one_port(lab, drop_challenges=False)
    client = lab.connect(role=second, source_port=PORT_OF_CLIENT, timeout=8)
    server = lab.accept(listener)
    client.send(b'2')
    read(server, 1)
    lab.close_pair(client, server)


@newer_timestamp.proves
def _(proof):
    proof.counted('s', 'TcpExtPAWSTimewait')
    proof.dropped('TCP_RFC7323_TW_PAWS', 's')
    proof.that('the second client reset the old connection', any(each['reason'] == 'TCP_INVALID_ACK_SEQUENCE' for each in proof.truth['resets_sent']))


@scenario(
    'handshake/syn-unanswered-because-challenge-is-filtered',
    'The same, but the router drops the ACK that answers the SYN: the second client sees nothing but silence.',
    network='router2',
    vantages='cds',
    capture_from_start=False,
)
def challenge_filtered(lab):
    _, second = two_clients_one_port(lab, drop_challenges=True)
    lab.note(f'second client: {error_of(lambda: lab.connect(role=second, source_port=PORT_OF_CLIENT, timeout=6))}')
    lab.snap('end')
    lab.wait(0.2)


@challenge_filtered.proves
def _(proof):
    proof.counted('s', 'TcpExtPAWSTimewait', 3)
    proof.dropped('TCP_RFC7323_TW_PAWS', 's', least=3)
    proof.noted('second client: TimeoutError')
