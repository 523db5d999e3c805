"""What a scenario does to the hosts: settings, firewall rules, crafted packets."""

import os
import socket
import subprocess
import time
from contextlib import contextmanager

from .segment import ETHERNET, make_packet, timestamp_option


def setting_path(name):
    return '/proc/sys/' + name.replace('.', '/')


def read_setting(name):
    with open(setting_path(name)) as file:
        return ' '.join(file.read().split())


def write_setting(name, value):
    with open(setting_path(name), 'w') as file:
        file.write(str(value))


class Interventions:
    """Every change is kept, so that the recording tells it."""

    def __init__(self, network, journal):
        self.network, self.journal = network, journal
        self.changed, self.changed_everywhere = {}, {}

    def set(self, role, name, value):
        """A sysctl of one host."""
        with self.network.hosts[role]:
            before = read_setting(name)
            write_setting(name, value)
            after = read_setting(name)
        self.changed.setdefault(role, {})[name] = {'from': before, 'to': after, 't': time.time()}

    @contextmanager
    def set_everywhere(self, name, value):
        """A sysctl that namespaces share: the whole machine has it until the block ends."""
        before = read_setting(name)
        write_setting(name, value)
        self.changed_everywhere[name] = {'from': before, 'to': read_setting(name), 't': time.time()}
        self.journal.act(f'{name} = {value} on the whole machine')
        try:
            yield
        finally:
            write_setting(name, before.replace(' ', '\t'))
            self.journal.act(f'{name} = {before} again')

    def filter(self, role, rules, told=None):
        """Adds nftables rules; `told` describes those that are too many to show."""
        process = self.network.hosts[role].start(['nft', '-f', '-'], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        said, _ = process.communicate(rules.encode())
        if process.returncode:
            raise RuntimeError('nft: ' + said.decode())
        self.journal.act(f'nft {role}: {told or " ".join(rules.split())}')

    def drop_arriving(self, role, match):
        """Before anything else sees it, but after the capture has."""
        self.filter(role, f'table ip arriving {{ chain c {{ type filter hook prerouting priority -300; {match} drop; }}\n}}')

    def send_raw(self, role, packet):
        """Sends an IPv4 packet from a host, whatever its sockets know of it."""
        with self.network.hosts[role], socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as sock:
            sock.sendto(packet, (socket.inet_ntoa(packet[16:20]), 0))

    def inject(self, wire, direction, seq, ack, flags, payload=b'', timestamps=None, window=500, like=None):
        """Hands a crafted segment to the far end of the wire, between the ports of the last segment in that direction."""
        like = like or wire.last[direction]
        options = timestamp_option(*timestamps) if timestamps else b''
        ports = (like.source_port, like.destination_port)
        packet = make_packet(like.source, like.destination, ports, seq, ack, flags, window, options, payload)
        self.journal.act(f'INJECT {direction} seq={seq & 0xFFFFFFFF} ack={ack & 0xFFFFFFFF} flags=0x{flags:x} len={len(payload)} ts={timestamps}')
        wire.inject(direction, bytes(like.raw[:ETHERNET]) + packet)


def pin_to_processor(number):
    """The calling thread."""
    os.sched_setaffinity(0, {number})
