"""Connection tracking on a router: full tables, forgotten connections, segments it finds invalid."""

from driver.interventions import setting_path
from driver.scenario import scenario
from driver.segment import ACK, PSH, make_packet, timestamp_option
from driver.sockets import error_of, read, receive_buffer

TRACK = 'table ip f { chain c { type filter hook forward priority 0; ct state new counter accept; }\n}'
LIMIT = 'net.netfilter.nf_conntrack_max'
BEYOND_WINDOW = 1_000_000
DISCARD = 9  # port of the flows that fill the table; not captured


def fill_table(lab, flows):
    """Each SYN to a port that answers nothing takes an entry."""
    lab.drop_arriving('s', f'tcp dport {DISCARD}')
    for number in range(flows):
        lab.send_raw('c', make_packet(lab.address('c'), lab.address('s'), (10000 + number, DISCARD), 1000 * number, 0, 2))
    entries = lab.hosts['r'].run(f'cat {setting_path("net.netfilter.nf_conntrack_count")}').strip()
    lab.note(f'entries in the table of the router: {entries}')


@scenario(
    'path/syns-dropped-because-conntrack-is-full',
    'The connection table of the router is full (nf_conntrack_max lowered to 200 for some seconds): new SYNs are dropped in silence, old '
    'connections go on.',
    network='wrouter',
    delay=0.005,
    wanted=f'tcp and not port {DISCARD}',
)
def conntrack_full(lab):
    listener = lab.listen()
    lab.filter('r', TRACK)
    client = lab.connect()
    server = lab.accept(listener)
    client.send(b'one')
    read(server, 3)
    with lab.set_everywhere(LIMIT, 200):
        fill_table(lab, 260)
        for seconds in (0.7, 0.7, 0.7, 2.5):
            lab.note(f'connect: {error_of(lambda: lab.connect(timeout=seconds))}')
        client.send(b'still works')
        lab.note(f'the old connection: {read(server, 11)}')
        lab.snap('end')
    lab.wait(0.2)


@conntrack_full.proves
def table_was_full(proof):
    proof.logged('table full')
    proof.dropped('NETFILTER_DROP', 'r')
    proof.noted('timed out')


@scenario(
    'path/syns-of-many-clients-dropped-because-conntrack-is-full',
    'Six clients connect while the connection table of the router is full (nf_conntrack_max lowered for some seconds): nobody gets through '
    'until entries '
    'are gone, and those who were connected notice nothing.',
    network='wrouter',
    delay=0.005,
    wanted=f'tcp and not port {DISCARD}',
)
def conntrack_full_for_many(lab):
    sources = add_clients(lab, 6)
    listener = lab.listen()
    lab.filter('r', TRACK)
    old = [lab.connect(source=source) for source in sources[:2]]
    servers = [lab.accept(listener) for _ in old]
    with lab.set_everywhere(LIMIT, 200):
        fill_table(lab, 260)
        new = [lab.connect(source=source, wait=False) for source in sources]
        for client, server in zip(old, servers):
            client.send(b'still works')
            read(server, 11)
        lab.wait(2.3)
        lab.snap('full')
    lab.act('the limit is lifted')
    for _ in new:
        servers.append(lab.accept(listener))
    for client in old + new:
        client.close()
    lab.wait(0.1)
    for server in servers:
        server.close()
    lab.wait(0.2)


def add_clients(lab, count):
    """More addresses of the client host."""
    prefix = lab.address('c').rsplit('.', 1)[0]
    sources = [f'{prefix}.{20 + number}' for number in range(count)]
    for source in sources:
        lab.hosts['c'].run(f'ip addr add {source}/24 dev eth0')
        router_end = lab.hosts['r'].run(f'ip neigh show {lab.address("c")}').split()
        lab.hosts['r'].run(f'ip neigh replace {source} lladdr {router_end[4]} dev rc nud permanent')
    return sources


@conntrack_full_for_many.proves
def _(proof):
    proof.logged('table full')
    proof.dropped('NETFILTER_DROP', 'r', least=6)
    proof.that('six clients repeated their SYN', len({each['src'] for each in proof.resent('c', 'SYN_SENT')}) == 6)


@scenario(
    'path/data-dropped-because-conntrack-forgot',
    'The router forgets a connection that is idle for longer than its timeout, and drops what comes later as invalid (tcp_loose=0).',
    network='wrouter',
    delay=0.005,
)
def conntrack_forgot(lab):
    lab.filter('r', 'table ip f { chain c { type filter hook forward priority 0; ct state invalid drop; }\n}')
    lab.set('r', 'net.netfilter.nf_conntrack_tcp_loose', 0)
    _, client, server = lab.pair()
    client.send(b'hello')
    read(server, 5)
    lab.set('r', 'net.netfilter.nf_conntrack_tcp_timeout_established', 1)
    client.send(b'again')
    read(server, 5)
    lab.wait(4)
    lab.note(f'entries: {lab.hosts["r"].run("conntrack -L 2>/dev/null", check=False)!r}')
    lab.act('the client writes after the pause')
    client.send(b'after idle')
    lab.wait(4)
    lab.snap('end')


@conntrack_forgot.proves
def _(proof):
    proof.noted("entries: ''")
    proof.dropped('NETFILTER_DROP', 'r')
    proof.retransmitted('c', 'ESTABLISHED', least=3)


@scenario(
    'path/reset-because-conntrack-finds-segment-invalid',
    'A router translates the address of the server. One segment lies beyond the window that it tracks, so it passes untranslated: the client '
    'knows no '
    'such connection, and its reset ends the real one.',
    network='wrouter',
    delay=0.005,
    snaplen=110,
)
def conntrack_invalid(lab):
    service = lab.network.addresses['r']
    lab.filter(
        'r',
        f'table ip n {{ chain c {{ type nat hook prerouting priority dstnat; ip daddr {service} tcp dport 5000 dnat to {lab.address("s")}; }}\n}}',
    )
    listener = lab.listen()
    client = lab.connect(address=service, options=[receive_buffer(16384)])
    server = lab.accept(listener)
    client.send(b'GET')
    read(server, 3)
    server.send(b'first segment')
    read(client, 13)
    lab.transfer(server, client, 100_000)
    lab.wait(0.1)
    last = lab.wire.last['s2c']
    ports, seq = (last.source_port, last.destination_port), last.seq + last.length + BEYOND_WINDOW
    lab.act('a segment from beyond the window')
    stray = make_packet(lab.address('s'), lab.address('c'), ports, seq, last.ack, PSH | ACK, 500, timestamp_option(*last.timestamps()), b'stray')
    lab.send_raw('s', stray)
    lab.wait(0.3)
    lab.note(f'server: {error_of(server.send, b"more")}')
    lab.wait(0.3)
    lab.note(f'client: {error_of(client.recv, 10)}')


@conntrack_invalid.proves
def _(proof):
    proof.reset_sent('c', 'NO_SOCKET')
    proof.dropped('NO_SOCKET', 'c')
    proof.that('the server took the reset', any(each['side'] == 's' and each['state'] == 'ESTABLISHED' for each in proof.truth['resets_received']))
    proof.noted('server: ConnectionResetError')


@scenario(
    'path/reset-because-conntrack-leaves-client-untranslated',
    'A router hides the client behind its own address. One segment of the client lies beyond the window that it tracks and passes untranslated: '
    'the server knows no such connection, and its reset ends the real one.',
    network='wrouter',
    delay=0.012,
    snaplen=110,
)
def conntrack_invalid_of_client(lab):
    lab.filter('r', 'table ip n { chain c { type nat hook postrouting priority srcnat; oifname "rs" masquerade; }\n}')
    _, client, server = lab.pair(port=8443)
    lab.transfer(client, server, 90_000)
    server.send(b'ok')
    read(client, 2)
    lab.wait(0.1)
    last = lab.wire.last['c2s']
    ports, seq = (last.source_port, last.destination_port), last.seq + last.length + BEYOND_WINDOW * 30
    lab.act('a segment from beyond the window')
    stray = make_packet(lab.address('c'), lab.address('s'), ports, seq, last.ack, PSH | ACK, 500, timestamp_option(*last.timestamps()), b'stray')
    lab.send_raw('c', stray)
    lab.wait(0.3)
    lab.note(f'client: {error_of(client.send, b"more")}')
    lab.wait(0.3)


@conntrack_invalid_of_client.proves
def _(proof):
    proof.that('the listener sent a reset', [each['state'] for each in proof.resets('s')] == ['LISTEN'], proof.resets('s'))
    proof.that('the client took the reset', any(each['side'] == 'c' and each['state'] == 'ESTABLISHED' for each in proof.truth['resets_received']))
    proof.noted('client: ConnectionResetError')
