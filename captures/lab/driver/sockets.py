"""Real sockets on the hosts of the lab, and what scenarios do with them."""

import os
import socket
import struct
import threading
import time

NODELAY = (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
TCP_TIMESTAMP = 24
PORT = 5000


def receive_buffer(size):
    return (socket.SOL_SOCKET, socket.SO_RCVBUF, size)


def send_buffer(size):
    return (socket.SOL_SOCKET, socket.SO_SNDBUF, size)


def linger_zero(sock):
    """close() will reset."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))


def read(sock, size):
    """Reads that many bytes, fewer when the peer closes before."""
    parts, left = [], size
    while left > 0:
        part = sock.recv(min(65536, left))
        if not part:
            break
        parts.append(part)
        left -= len(part)
    return b''.join(parts)


def read_to_end(sock):
    """How many bytes come until the peer closes or fails."""
    size = 0
    try:
        while part := sock.recv(65536):
            size += len(part)
    except OSError:
        pass
    return size


def fill(sock, chunk=8192, times=20):
    """Writes until the socket takes no more; returns how many bytes it took."""
    sock.setblocking(False)
    size = 0
    for _ in range(times):
        try:
            size += sock.send(b'D' * chunk)
        except OSError:
            break
    return size


def error_of(action, *arguments):
    """The name of the error that an action fails with, None when it works."""
    try:
        action(*arguments)
    except OSError as failure:
        return f'{type(failure).__name__}({os.strerror(failure.errno) if failure.errno else failure})'
    return None


def timestamp_now(sock):
    """The TSval that a segment of this socket would carry now."""
    return struct.unpack('I', sock.getsockopt(socket.IPPROTO_TCP, TCP_TIMESTAMP, 4))[0]


class Sockets:
    """Makes sockets on hosts of the network and closes what is left open at the end."""

    def __init__(self, network, journal, congestion_control):
        self.network, self.journal, self.congestion_control = network, journal, congestion_control
        self._open, self._threads = [], []

    def new_socket(self, role, options=()):
        with self.network.hosts[role]:
            sock = socket.socket(socket.AF_INET6 if self.network.v6 else socket.AF_INET)
        # By socket, because a new namespace may not allow the algorithm as its default.
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, self.congestion_control)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        for option in options:
            sock.setsockopt(*option)
        return self.keep(sock)

    def keep(self, sock):
        self._open.append(sock)
        return sock

    def listen(self, port=PORT, backlog=128, role='s', options=()):
        sock = self.new_socket(role, options)
        sock.bind((self.network.address(role), port))
        sock.listen(backlog)
        sock.settimeout(5)
        self.journal.act(f'{role} listen(port={port}, backlog={backlog})')
        return sock

    def connect(self, port=PORT, role='c', to='s', source_port=0, source=None, wait=True, options=(), timeout=10, address=None):
        """Connects; with wait=False only begins to. The client's system chooses the source port unless one is given."""
        sock = self.new_socket(role, options)
        if source_port or source:
            sock.bind((source or self.network.address(role), source_port))
        target = address or self.network.address(to)
        self.journal.act(f'{role} connect({target}:{port})')
        if wait:
            sock.settimeout(timeout)
            sock.connect((target, port))
        else:
            sock.setblocking(False)
            sock.connect_ex((target, port))
        return sock

    def accept(self, listener, timeout=10):
        sock, _ = listener.accept()
        sock.settimeout(timeout)
        return self.keep(sock)

    def pair(self, port=PORT, backlog=128, client_options=(), server_options=(), source_port=0):
        """A listener and both ends of a connection to it."""
        listener = self.listen(port, backlog, options=server_options)
        client = self.connect(port, options=client_options, source_port=source_port)
        return listener, client, self.accept(listener)

    def close(self, sock, who):
        self.journal.act(f'{who} close()')
        sock.close()

    def close_pair(self, client, server):
        """The client first."""
        self.close(client, 'client')
        time.sleep(0.1)
        self.close(server, 'server')
        time.sleep(0.2)

    def in_background(self, action, *arguments):
        def guarded():
            try:
                action(*arguments)
            except Exception as failure:
                self.journal.note(f'{getattr(action, "__name__", "background")}: {failure!r}')

        thread = threading.Thread(target=guarded, daemon=True)
        thread.start()
        self._threads.append(thread)
        return thread

    def push(self, sock, size, chunk=16384):
        """Writes that many bytes in the background."""

        def write():
            sent = 0
            while sent < size:
                sent += sock.send(b'D' * min(chunk, size - sent))

        return self.in_background(write)

    def transfer(self, sender, receiver, size, seconds=30):
        """Writes at one end while the other reads; returns how many bytes arrived."""
        arrived = []
        reader = self.in_background(lambda: arrived.append(len(read(receiver, size))))
        self.push(sender, size)
        started = time.time()
        reader.join(seconds)
        self.journal.note(f'{sum(arrived)} of {size} bytes in {time.time() - started:.2f} s')
        return sum(arrived)

    def finish_threads(self):
        for thread in self._threads:
            thread.join(2)

    def close_all(self):
        for sock in self._open:
            try:
                sock.close()
            except OSError:
                pass
