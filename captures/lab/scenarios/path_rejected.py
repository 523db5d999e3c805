"""SYNs that never reach the server, because nobody answers for the next hop or a firewall rejects them."""

from driver.scenario import scenario
from driver.sockets import PORT
from scenarios.handshake_refused import try_to_connect


@scenario(
    'path/neighbour-does-not-answer-arp',
    'The peer should be on the same link and does not answer ARP: no SYN leaves.',
    vantages='c',
    wanted='tcp or icmp or arp',
)
def no_neighbour(lab):
    try_to_connect(lab, 8, address=f'10.{lab.network.subnet}.0.77')
    lab.note(lab.hosts['c'].run('ip neigh show nud failed'))


@no_neighbour.proves
def _(proof):
    proof.noted('No route to host')
    proof.noted('FAILED')
    proof.seen('client', 'no TCP', lambda segment: True, least=0, most=0)


@scenario(
    'path/neighbour-does-not-answer-discovery',
    'IPv6: the peer should be on the same link and does not answer neighbour discovery: no SYN leaves. The server beside it does.',
    vantages='c',
    wanted='tcp or icmp6',
    v6=True,
)
def no_neighbour_over_ipv6(lab):
    forget_neighbours(lab)
    lab.close_pair(*lab.pair()[1:])
    try_to_connect(lab, 8, address=f'fd00:{lab.network.subnet}::77')
    lab.note(lab.hosts['c'].run('ip -6 neigh show nud failed'))


def forget_neighbours(lab):
    """So that they have to be asked for."""
    for role, peer in ('cs', 'sc'):
        lab.hosts[role].run(f'ip -6 neigh del {lab.address(peer)} dev eth0')


@no_neighbour_over_ipv6.proves
def _(proof):
    proof.noted('No route to host')
    proof.noted('FAILED')
    proof.failed('c', 'No route to host')
    proof.counted('c', 'Icmp6OutNeighborSolicits', 3)
    proof.seen('client', 'one SYN, to the server', lambda segment: segment.syn and not segment.has_ack, least=1, most=1)


def rejected_by_router(lab, verdict):
    lab.listen()
    lab.filter('r', f'table ip f {{ chain c {{ type filter hook forward priority 0; tcp dport {PORT} {verdict}; }}\n}}')
    try_to_connect(lab, 8)


@scenario(
    'path/syn-rejected-because-router-finds-no-neighbour',
    'The address is routed to the network of the server, but no host there has it: after three ARP requests of its own the router reports "host '
    'unreachable".',
    network='wrouter',
    delay=0.02,
    vantages='c',
)
def no_neighbour_of_router(lab):
    try_to_connect(lab, 8, address=lab.address('s').rsplit('.', 1)[0] + '.77')


@no_neighbour_of_router.proves
def _(proof):
    proof.dropped('NEIGH_FAILED', 'r')
    proof.counted('c', 'IcmpInDestUnreachs')
    proof.noted('No route to host')


@scenario(
    'path/syn-rejected-with-reset-by-firewall',
    'A firewall on the path rejects with a reset in the name of the server.',
    network='wrouter',
    delay=0.005,
)
def rejected_with_reset(lab):
    rejected_by_router(lab, 'reject with tcp reset')


@rejected_with_reset.proves
def _(proof):
    proof.dropped('NETFILTER_DROP', 'r')
    proof.noted('Connection refused')
    proof.that('the server sent no reset', not proof.resets('s'))


@scenario(
    'path/syn-rejected-with-icmp-by-firewall',
    'A firewall on the path rejects with ICMP "administratively prohibited".',
    network='wrouter',
    delay=0.005,
)
def rejected_with_icmp(lab):
    rejected_by_router(lab, 'reject with icmp type admin-prohibited')


@rejected_with_icmp.proves
def _(proof):
    proof.dropped('NETFILTER_DROP', 'r')
    proof.counted('c', 'IcmpInDestUnreachs')
    proof.noted('No route to host')


@scenario(
    'path/syn-rejected-with-icmp6',
    'IPv6: the server itself rejects with ICMPv6 "administratively prohibited".',
    v6=True,
)
def rejected_with_icmp6(lab):
    lab.listen()
    lab.filter('s', f'table ip6 f {{ chain i {{ type filter hook input priority 0; tcp dport {PORT} reject with icmpv6 type admin-prohibited; }}\n}}')
    try_to_connect(lab, 6)


@rejected_with_icmp6.proves
def _(proof):
    proof.dropped('NETFILTER_DROP', 's')
    proof.counted('c', 'Icmp6InDestUnreachs')
    proof.noted('Permission denied')
