"""Segments that are too big for a link of the path."""

from driver.scenario import scenario
from driver.sockets import read

NO_ICMP = 'table ip f { chain o { type filter hook output priority 0; icmp type destination-unreachable drop; }\n}'


def send_large(lab, seconds, size=8000):
    """Something small both ways, then full-size segments."""
    _, client, server = lab.pair()
    client.send(b'small')
    read(server, 5)
    server.send(b'small')
    read(client, 5)
    lab.wait(0.05)
    lab.act(f'client sends {size} bytes')
    client.send(b'M' * size)
    server.settimeout(seconds)
    arrived = []
    reader = lab.in_background(lambda: arrived.append(len(read(server, size))))
    lab.wait(1)
    lab.snap('after 1 s')
    reader.join(seconds)
    lab.snap('end')
    lab.note(f'the server got {sum(arrived)} of {size} bytes')
    if arrived:
        lab.close_pair(client, server)


@scenario(
    'path/large-segments-lost-because-icmp-is-filtered',
    'A link of the path takes 1400 bytes and the ICMP message about it is filtered: full segments are repeated for ever, small ones pass.',
    network='wrouter',
    delay=0.005,
    router_mtu=1400,
)
def icmp_filtered(lab):
    lab.filter('r', NO_ICMP)
    send_large(lab, 8)


@icmp_filtered.proves
def _(proof):
    proof.noted('the server got 0 of 8000')
    proof.retransmitted('c', least=3)
    proof.counted('c', 'TcpExtTCPTimeouts', 2)


@scenario(
    'path/segments-shrink-after-icmp',
    'A link of the path takes 1400 bytes, and the ICMP message about it arrives: the sender shrinks its segments at once.',
    network='wrouter',
    delay=0.005,
    router_mtu=1400,
)
def icmp_delivered(lab):
    send_large(lab, 8)


@icmp_delivered.proves
def _(proof):
    proof.noted('the server got 8000 of 8000')
    proof.showed('after 1 s', 'c', 'mss:1348')
    proof.counted('c', 'IcmpInDestUnreachs')


@scenario(
    'path/segments-shrink-because-of-mtu-probing',
    'A link of the path takes 900 bytes, the ICMP message about it is filtered, and tcp_mtu_probing=1: after some timeouts the client tries '
    '1024 bytes, '
    'then 512.',
    network='wrouter',
    delay=0.005,
    router_mtu=900,
    sysctls={'c': {'net.ipv4.tcp_mtu_probing': 1}},
)
def mtu_probing(lab):
    lab.filter('r', NO_ICMP)
    send_large(lab, 40)


@mtu_probing.proves
def _(proof):
    proof.noted('the server got 8000 of 8000')
    proof.counted('c', 'TcpExtTCPTimeouts', 2)
    sizes = sorted({each['end_seq'] - each['seq'] for each in proof.resent('c')})
    proof.that('it sent smaller and smaller segments', sizes and sizes[0] <= 512 < sizes[-1], sizes)
