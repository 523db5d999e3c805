"""The receiving host is too slow to empty its ring, and the ring drops."""

import os
import subprocess
import sys

from driver.scenario import scenario

STALL_SECONDS = 0.06
PROCESSOR, OTHER_PROCESSOR = 1, 0
# Occupies the processor before every ordinary thread, once it is told to.
HOG = f"""
import os, sys, time
os.sched_setaffinity(0, {{{PROCESSOR}}})
sys.stdin.readline()
os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(50))
end = time.monotonic() + {STALL_SECONDS}
while time.monotonic() < end: pass
"""


@scenario(
    'transfer/segments-lost-because-receive-ring-overflows',
    'The thread that empties the receive ring of the server gets no processor for 60 ms: the ring of 256 entries overflows, and what it drops is in '
    'no capture of that host.',
    network='wire',
    delay=0.01,
    mtu=200,
    sysctls={'s': {'net.ipv4.tcp_rmem': '4096 1000000 6291456'}},
    snaplen=94,
)
def receive_ring_overflows(lab):
    receive_by_thread(lab.hosts['s'])
    lab.hosts['c'].run(f'ip route change 10.{lab.network.subnet}.0.0/24 dev eth0 initcwnd 500')
    hog = subprocess.Popen([sys.executable, '-c', HOG], stdin=subprocess.PIPE, text=True)
    _, client, server = lab.pair()
    leave_the_processor()
    lab.transfer(client, server, 40_000)
    lab.snap('before')
    lab.act(f'the receiving thread stands still for {STALL_SECONDS} s')
    hog.stdin.write('now\n')
    hog.stdin.flush()
    lab.wait(0.01)
    lab.note(f'the server got {lab.transfer(client, server, 70_000)} of 70000 bytes')
    hog.wait(5)
    lab.close_pair(client, server)


def receive_by_thread(host):
    """A veth with GRO receives by a ring as network cards do, and `threaded` has a kernel thread empty it."""
    before = receiving_threads()
    host.run('ethtool -K eth0 gro on && ip link set eth0 gro_max_size 1')  # the second keeps it from merging segments
    host.run(f'ip netns exec {host.name} sh -c "echo 1 > /sys/class/net/eth0/threaded"')
    for thread in receiving_threads() - before:
        os.sched_setaffinity(thread, {PROCESSOR})


def leave_the_processor():
    """The lab itself must go on while the receiving thread waits."""
    for thread in os.listdir('/proc/self/task'):
        os.sched_setaffinity(int(thread), {OTHER_PROCESSOR})


def receiving_threads():
    found = set()
    for entry in os.listdir('/proc'):
        if entry.isdigit():
            try:
                with open(f'/proc/{entry}/comm') as file:
                    name = file.read()
            except OSError:
                continue
            if name.startswith('napi/eth0'):
                found.add(int(entry))
    return found


@receive_ring_overflows.proves
def _(proof):
    counts = proof.truth['drop_counts'].get('s', {})
    proof.that('the ring of the server was full', counts.get('NOT_SPECIFIED@veth_xmit', 0) > 0, counts)
    sent, seen = (sum(segment.has_data for segment in proof.captured(vantage)) for vantage in ('client', 'server'))
    proof.that('the capture of the server lacks segments', sent > seen, f'{sent} sent, {seen} seen')
    proof.retransmitted('c')
