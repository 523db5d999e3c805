"""Captures that do not show all that happened."""

from driver.scenario import scenario
from driver.sockets import read


@scenario(
    'capture/begun-midstream',
    'The capture begins in the middle of a transfer: no handshake, so the window scale is unknown.',
    network='wire',
    delay=0.01,
    snaplen=110,
    capture_from_start=False,
)
def begun_midstream(lab):
    _, client, server = lab.pair()
    lab.transfer(client, server, 50_000)
    lab.start_capture()
    lab.transfer(client, server, 100_000)
    server.send(b'ok')
    read(client, 2)
    lab.close_pair(client, server)


@begun_midstream.proves
def _(proof):
    for vantage in ('client', 'server'):
        proof.seen(vantage, 'no SYN', lambda segment: segment.syn, least=0, most=0)
        proof.seen(vantage, 'both FINs', lambda segment: segment.fin, least=2)


@scenario(
    'capture/one-direction-only',
    'Only what the client sends is captured, as where routes differ by direction.',
    network='wire',
    delay=0.01,
    snaplen=110,
    wanted='tcp and src net 10.{subnet}.0.1/32',
)
def one_direction_only(lab):
    _, client, server = lab.pair()
    lab.transfer(client, server, 50_000)
    server.send(b'ok' * 3000)
    read(client, 6000)
    lab.close_pair(client, server)


@one_direction_only.proves
def _(proof):
    for vantage in ('client', 'server'):
        proof.seen(vantage, 'segments of the client', lambda segment: segment.destination_port == 5000, least=30)
        proof.seen(vantage, 'none of the server', lambda segment: segment.source_port == 5000, least=0, most=0)


@scenario('capture/ended-early', 'The capture stops while the connection is open.', network='wire', delay=0.01, snaplen=110)
def ended_early(lab):
    _, client, server = lab.pair()
    lab.transfer(client, server, 30_000)
    for capture in lab.captures:
        capture.stop()
    lab.transfer(client, server, 30_000)
    lab.close_pair(client, server)


@ended_early.proves
def _(proof):
    proof.entered('c', 'ESTABLISHED', 'FIN_WAIT1')
    for vantage in ('client', 'server'):
        proof.seen(vantage, 'no FIN', lambda segment: segment.fin, least=0, most=0)


@scenario(
    'capture/offload-super-segments',
    'With segmentation and checksum offload the capture shows segments larger than the path takes, and checksums that are not yet computed.',
    network='direct',
    offload=True,
    snaplen=110,
)
def offload(lab):
    _, client, server = lab.pair()
    lab.transfer(client, server, 2_000_000)
    server.send(b'ok')
    read(client, 2)
    lab.close_pair(client, server)


@offload.proves
def _(proof):
    proof.seen('client', 'segments larger than any link takes', lambda segment: segment.length > 1460, least=5)
    proof.not_retransmitted()
    proof.that('no checksum was wrong', proof.count('s', 'TcpInCsumErrors') == 0)


@scenario(
    'capture/copies-from-the-any-device',
    'On "any" in the router every segment is captured twice, as it comes and as it goes; two percent are dropped in between.',
    network='router',
    vantages='r',
    snaplen=130,
)
def any_device(lab):
    lab.filter('r', 'table ip f { chain c { type filter hook forward priority 0; numgen random mod 100 < 2 drop; }\n}')
    _, client, server = lab.pair()
    lab.transfer(client, server, 100_000)
    lab.hosts['r'].run('nft flush ruleset')
    lab.close_pair(client, server)


@any_device.proves
def _(proof):
    proof.dropped('NETFILTER_DROP', 'r')
    proof.that('captured on "any"', proof.truth['captures'][0]['iface'] == 'any')


@scenario(
    'capture/packets-dropped-by-the-capturing-host',
    'The capturing process gets no processor for a moment and its buffer is small: segments that arrived and were acknowledged are missing in '
    'the file.',
    network='wire',
    delay=0.005,
    snaplen=110,
    buffer_kib=16,
)
def capture_dropped(lab):
    _, client, server = lab.pair()
    lab.transfer(client, server, 60_000)
    for capture in lab.captures:
        capture.pause()
    lab.act('tcpdump stands still')
    lab.transfer(client, server, 300_000)
    for capture in lab.captures:
        capture.resume()
    lab.act('tcpdump goes on')
    lab.wait(0.2)
    lab.transfer(client, server, 60_000)
    lab.close_pair(client, server)


@capture_dropped.proves
def _(proof):
    proof.that('tcpdump counted packets that it lost', all(capture.get('dropped', 0) > 0 for capture in proof.truth['captures']))
    proof.not_retransmitted()
    proof.noted('300000 of 300000 bytes')


@scenario(
    'capture/cut-by-snaplen',
    'Of every packet 60 bytes are kept: the TCP header is there, its options are cut, and so is the data.',
    network='wire',
    delay=0.01,
    snaplen=60,
)
def cut_by_snaplen(lab):
    _, client, server = lab.pair()
    lost = []

    def lose_the_twentieth(segment):
        if segment.has_data and segment.direction == 'c2s' and len(lost) < 20:
            lost.append(segment.seq)
            return 'drop' if len(lost) == 20 else None

    lab.wire.policy = lose_the_twentieth
    lab.transfer(client, server, 80_000)
    server.send(b'ok')
    read(client, 2)
    lab.close_pair(client, server)


@cut_by_snaplen.proves
def _(proof):
    proof.seen('client', 'packets that are cut', lambda segment: segment.is_cut, least=50)
    proof.retransmitted('c')
