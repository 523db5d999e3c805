"""Asks sock_diag for every TCP socket of every end, a hundred times a second.

It shows what the tracepoint inet_sock_set_state does not: TIME_WAIT, FIN_WAIT2 kept in a mini-socket, and requests (NEW_SYN_RECV).
"""

import socket
import struct
import threading
import time

STATES = {
    1: 'ESTABLISHED', 2: 'SYN_SENT', 3: 'SYN_RECV', 4: 'FIN_WAIT1', 5: 'FIN_WAIT2', 6: 'TIME_WAIT',
    7: 'CLOSE', 8: 'CLOSE_WAIT', 9: 'LAST_ACK', 10: 'LISTEN', 11: 'CLOSING', 12: 'NEW_SYN_RECV',
}  # fmt: skip
TIMERS = {0: '', 1: 'on', 2: 'keepalive', 3: 'timewait', 4: 'persist'}
NETLINK_SOCK_DIAG = 4
SOCK_DIAG_BY_FAMILY, NLMSG_DONE, NLMSG_ERROR = 20, 3, 2
REQUEST_DUMP = 0x301
ALL_BUT_LISTENERS = 0xFFFF & ~(1 << 10)
SO_RCVBUFFORCE = 33


class SocketPoll(threading.Thread):
    def __init__(self, network, period):
        super().__init__(daemon=True)
        self.events = []
        self._period = period
        self._families = (socket.AF_INET, socket.AF_INET6) if network.v6 else (socket.AF_INET,)
        self._stopped = False
        self._netlink = {role: open_netlink(network.hosts[role]) for role in network.endpoints}
        self._before = {role: {} for role in network.endpoints}

    def stop(self):
        self._stopped = True
        self.join(1)

    def forget(self):
        self.events.clear()

    def run(self):
        while not self._stopped:
            for role, netlink in self._netlink.items():
                self._compare(role, self._ask(netlink))
            time.sleep(self._period)

    def _ask(self, netlink):
        found = {}
        for family in self._families:
            try:
                found.update(dump(netlink, family))
            except OSError:
                pass
        return found

    def _compare(self, role, now):
        at, before = round(time.time(), 4), self._before[role]
        for key, entry in now.items():
            if key not in before or any(before[key][field] != entry[field] for field in ('state', 'timer', 'retrans')):
                self.events.append({'t': at, 'side': role, **ends(key), **entry})
        for key in before.keys() - now.keys():
            self.events.append({'t': at, 'side': role, **ends(key), 'state': 'GONE'})
        self._before[role] = now


def ends(key):
    source, source_port, destination, destination_port = key
    return {'src': f'{source}:{source_port}', 'dst': f'{destination}:{destination_port}'}


def open_netlink(host):
    with host:
        netlink = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_SOCK_DIAG)
    netlink.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 4 << 20)
    return netlink


def dump(netlink, family):
    """All sockets of an address family: struct inet_diag_msg by addresses and ports."""
    body = struct.pack('<BBBBI', family, socket.IPPROTO_TCP, 0, 0, ALL_BUT_LISTENERS) + b'\0' * 48
    netlink.send(struct.pack('<IHHII', 16 + len(body), SOCK_DIAG_BY_FAMILY, REQUEST_DUMP, 1, 0) + body)
    found = {}
    while True:
        data, at = netlink.recv(262144), 0
        while at < len(data):
            length, kind = struct.unpack_from('<IH', data, at)
            if kind in (NLMSG_DONE, NLMSG_ERROR):
                return found
            key, entry = read_message(data, at + 16)
            found[key] = entry
            at += (length + 3) & ~3


def read_message(data, at):
    family, state, timer, retrans = data[at : at + 4]
    source_port, destination_port = struct.unpack_from('!HH', data, at + 4)
    size = 4 if family == socket.AF_INET else 16
    source, destination = (socket.inet_ntop(family, data[at + skip : at + skip + size]) for skip in (8, 24))
    expires, read_queue, write_queue, _, inode = struct.unpack_from('<IIIII', data, at + 52)
    entry = {
        'state': STATES.get(state, state),
        'timer': TIMERS.get(timer, timer),
        'retrans': retrans,
        'expires_ms': expires,
        'rq': read_queue,
        'wq': write_queue,
        'orphan': inode == 0,
    }
    return (source, source_port, destination, destination_port), entry
