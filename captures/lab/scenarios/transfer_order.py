"""Segments that overtake one another, shallow and deep, and what the sender takes for loss."""

from driver.scenario import scenario

DELAY = 0.01
WITHOUT_SACK = {'cs': {'net.ipv4.tcp_sack': 0}}
WITHOUT_TIMESTAMPS = {'cs': {'net.ipv4.tcp_timestamps': 0}}


def hold_back(lab, every, seconds, size=300_000):
    """Every n-th data segment of the client comes that much later than the others."""
    _, client, server = lab.pair()
    count = [0]

    def policy(segment):
        if segment.direction == 'c2s' and segment.has_data:
            count[0] += 1
            if count[0] % every == 0:
                return DELAY + seconds
        return None

    lab.wire.policy = policy
    lab.transfer(client, server, size)
    lab.wire.policy = None
    lab.close_pair(client, server)


def out_of_order(proof, least):
    proof.that('the wire lost nothing', not proof.truth['wire_log'])
    data = [segment for segment in proof.captured('server') if segment.has_data]
    late = sum(1 for earlier, later in zip(data, data[1:]) if later.seq < earlier.seq)
    proof.that('segments arrived after later ones', late >= least, late)
    proof.counted('s', 'TcpExtTCPOFOQueue')


@scenario(
    'transfer/segments-overtake-one-another',
    'Every twentieth segment comes 8 ms late: some are resent for nothing until the sender has learnt how far segments overtake one another.',
    network='wire',
    delay=DELAY,
    snaplen=110,
)
def overtaken(lab):
    hold_back(lab, every=20, seconds=0.008)


@overtaken.proves
def _(proof):
    out_of_order(proof, 5)
    proof.that('the sender noticed', proof.count('c', 'TcpExtTCPSACKReorder') + proof.count('c', 'TcpExtTCPTSReorder') > 0)


@scenario(
    'transfer/segments-overtake-by-one',
    'Every tenth segment is overtaken by one other: nothing is resent.',
    network='wire',
    delay=DELAY,
    snaplen=110,
)
def overtaken_by_one(lab):
    _, client, server = lab.pair()
    held, count = [], [0]

    def swap(segment):
        if segment.direction != 'c2s' or not segment.has_data:
            return None
        count[0] += 1
        if count[0] % 10 == 5:
            held.append(bytes(segment.raw))
            return []
        if held:
            return [(DELAY, bytes(segment.raw)), (DELAY, held.pop())]
        return None

    lab.wire.policy = swap
    lab.transfer(client, server, 30_000)
    lab.wait(0.1)
    lab.transfer(client, server, 110_000)
    lab.wire.policy = None
    lab.close_pair(client, server)


@overtaken_by_one.proves
def _(proof):
    out_of_order(proof, 5)
    proof.not_retransmitted()


@scenario(
    'transfer/segments-overtake-far-so-resent-needlessly',
    'Every fortieth segment comes 30 ms late, more than a round trip: each is resent, arrives twice and is reported by D-SACK.',
    network='wire',
    delay=DELAY,
    snaplen=110,
)
def overtaken_far(lab):
    hold_back(lab, every=40, seconds=0.03)


@overtaken_far.proves
def _(proof):
    out_of_order(proof, 2)
    proof.retransmitted('c')
    proof.counted('c', 'TcpExtTCPDSACKRecv')


@scenario(
    'transfer/segments-overtake-without-sack',
    'Every fifteenth segment comes 8 ms late and SACK is off: three duplicate ACKs are all that the sender has to judge by.',
    network='wire',
    delay=DELAY,
    snaplen=110,
    sysctls=WITHOUT_SACK,
)
def overtaken_without_sack(lab):
    hold_back(lab, every=15, seconds=0.008, size=200_000)


@overtaken_without_sack.proves
def _(proof):
    out_of_order(proof, 3)
    proof.retransmitted('c')
    proof.that(
        'the sender noticed', any(proof.count('c', f'TcpExt{name}') for name in ('TCPRenoReorder', 'TCPTSReorder', 'TCPFullUndo', 'TCPPartialUndo'))
    )


@scenario(
    'transfer/segments-overtake-without-timestamps',
    'Every fifteenth segment comes 8 ms late and timestamps are off: only D-SACK tells the sender that it resent for nothing.',
    network='wire',
    delay=DELAY,
    snaplen=110,
    sysctls=WITHOUT_TIMESTAMPS,
)
def overtaken_without_timestamps(lab):
    hold_back(lab, every=15, seconds=0.008, size=200_000)


@overtaken_without_timestamps.proves
def _(proof):
    out_of_order(proof, 3)
    proof.that('the sender noticed', proof.count('c', 'TcpExtTCPSACKReorder') + proof.count('c', 'TcpExtTCPDSACKRecv') > 0)


@scenario(
    'transfer/segments-take-two-paths',
    'Every second segment takes a path that is 4 ms longer: almost everything arrives out of order, and next to nothing is resent.',
    network='wire',
    delay=DELAY,
    snaplen=110,
)
def two_paths(lab):
    hold_back(lab, every=2, seconds=0.004, size=200_000)


@two_paths.proves
def _(proof):
    out_of_order(proof, 10)
    proof.that('the sender noticed', proof.count('c', 'TcpExtTCPSACKReorder') + proof.count('c', 'TcpExtTCPTSReorder') > 0)
