"""What a path can do to segments besides losing them: double, damage, queue, complain, forge."""

from driver.scenario import scenario
from driver.segment import ETHERNET, RST, make_packet
from driver.sockets import PORT, error_of, read

FORGED_TTL = 53
JUST_AFTER = 0.0005  # seconds: behind the segment that provoked it


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


@scenario(
    'path/reset-injected-on-the-way',
    'A box on the path forbids a word and forges a reset to each end, with the right numbers and a TTL of its own.',
    network='wire',
    delay=0.02,
)
def reset_injected(lab):
    _, client, server = lab.pair()
    client.send(b'harmless')
    read(server, 8)
    server.send(b'answer')
    read(client, 6)

    def forbid(segment):
        if b'forbidden' in segment.raw:
            forge_resets(lab, segment)

    lab.wire.policy = forbid
    client.send(b'forbidden')
    lab.wait(0.3)
    lab.note(f'client recv: {error_of(client.recv, 10)}')
    lab.note(f'server recv: {error_of(lambda: (server.recv(10), server.recv(10)))}')


def forge_resets(lab, segment):
    """Each in the name of the other end, and at once."""
    ports = (segment.source_port, segment.destination_port)
    to_server = make_packet(segment.source, segment.destination, ports, segment.seq + segment.length, 0, RST, window=0, ttl=FORGED_TTL)
    to_client = make_packet(segment.destination, segment.source, ports[::-1], segment.ack, 0, RST, window=0, ttl=FORGED_TTL)
    lab.act(f'resets forged with TTL {FORGED_TTL}')
    lab.wire.inject('s2c', lab.wire.last['s2c'].raw[:ETHERNET] + to_client)
    lab.wire.send_later('c2s', bytes(segment.raw[:ETHERNET]) + to_server, lab.delay + JUST_AFTER)


@reset_injected.proves
def _(proof):
    proof.that('no end sent a reset for what it got', all(not each['in_reply_to_segment'] for each in proof.truth['resets_sent']), proof.resets())
    proof.that('both took one', {each['side'] for each in proof.truth['resets_received']} == {'c', 's'}, proof.truth['resets_received'])
    proof.noted('client recv: ConnectionResetError')
    proof.noted('server recv: ConnectionResetError')
