"""What a path can do to segments besides losing them: double, damage, queue, complain."""

from driver.scenario import scenario
from driver.sockets import PORT, read


def every_tenth(lab, change):
    count = [0]

    def policy(segment):
        if segment.direction == 'c2s' and segment.has_data:
            count[0] += 1
            return change(segment, count[0])

    lab.wire.policy = policy


@scenario(
    'path/packets-doubled-by-the-network',
    'The network doubles every tenth data segment: D-SACK reports them, nothing was resent.',
    network='wire',
    delay=0.01,
    snaplen=110,
)
def doubled(lab):
    _, client, server = lab.pair()

    def double(segment, number):
        if number % 10 == 0:
            return [(lab.delay, bytes(segment.raw)), (lab.delay + 0.0001, bytes(segment.raw))]

    every_tenth(lab, double)
    lab.transfer(client, server, 100_000)
    lab.wire.policy = None
    lab.close_pair(client, server)


@doubled.proves
def _(proof):
    proof.not_retransmitted()
    proof.counted('s', 'TcpExtTCPDSACKOldSent', 3)


@scenario(
    'path/segment-corrupted',
    'One segment is damaged on the way: its checksum is wrong, it is dropped and resent.',
    network='wire',
    delay=0.01,
)
def corrupted(lab):
    _, client, server = lab.pair()

    def damage(segment, number):
        if number == 5:
            segment.raw[segment.payload_at + 10] ^= 0xFF
            return [(lab.delay, bytes(segment.raw))]

    every_tenth(lab, damage)
    lab.transfer(client, server, 30_000)
    lab.close_pair(client, server)


@corrupted.proves
def _(proof):
    proof.counted('s', 'TcpInCsumErrors')
    proof.dropped('TCP_CSUM', 's')
    proof.retransmitted('c')


def through_slow_link(lab, bytes_per_second, queue, size):
    _, client, server = lab.pair()
    lab.wire.rate, lab.wire.limit = bytes_per_second, queue
    lab.in_background(lambda: (lab.wait(1), lab.snap('under way')))
    lab.transfer(client, server, size)
    lab.close_pair(client, server)


@scenario(
    'path/queue-overflows',
    'A link of 2 Mbit/s with a queue of 20 packets: round trips grow, then a burst of loss.',
    network='wire',
    delay=0.02,
    snaplen=110,
)
def queue_overflows(lab):
    through_slow_link(lab, 250_000, 20, 500_000)


@queue_overflows.proves
def _(proof):
    proof.that('the queue dropped', sum(event['drop'] == 'queue' for event in proof.truth['wire_log']) > 3)
    proof.counted('c', 'TcpExtTCPFastRetrans')
    proof.noted('500000 of 500000')


@scenario(
    'path/queue-grows-without-loss',
    'A link of 1 Mbit/s with a queue of 2000 packets: round trips grow to half a second, nothing is lost.',
    network='wire',
    delay=0.01,
    snaplen=110,
)
def queue_grows(lab):
    through_slow_link(lab, 125_000, 2000, 400_000)


@queue_grows.proves
def _(proof):
    proof.that('the wire lost nothing', not proof.truth['wire_log'])
    shown = proof.truth['ss'].get('under way', {}).get('c', '')
    round_trip = float(shown.split(' rtt:')[1].split('/')[0]) if ' rtt:' in shown else 0
    proof.that('round trips grew tenfold', round_trip > 200, round_trip)


@scenario(
    'path/icmp-unreachable-about-open-connection',
    'ICMP "host unreachable" comes for an established connection: only a soft error, TCP goes on repeating and recovers.',
    network='wrouter',
    delay=0.005,
)
def soft_error(lab):
    _, client, server = lab.pair()
    client.send(b'hi')
    read(server, 2)
    lab.filter('r', f'table ip f {{ chain c {{ type filter hook forward priority 0; tcp dport {PORT} reject with icmp type host-unreachable; }}\n}}')
    client.send(b'data')
    lab.wait(2.5)
    lab.snap('retransmitting')
    lab.hosts['r'].run('nft flush ruleset')
    lab.act('router open again')
    lab.note(f'server got {read(server, 4)}')
    lab.close_pair(client, server)


@soft_error.proves
def _(proof):
    proof.counted('c', 'IcmpInDestUnreachs', 2)
    proof.retransmitted('c', least=2)
    proof.noted("server got b'data'")
