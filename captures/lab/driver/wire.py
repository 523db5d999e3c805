"""The wire between two hosts, in user space: delay, loss, reordering, rewriting, injection, a slow link with a queue."""

import heapq
import os
import select
import socket
import threading
import time
import traceback

from .segment import Segment

ETH_P_ALL = 3
SOL_PACKET, PACKET_IGNORE_OUTGOING = 263, 23
SO_RCVBUFFORCE = 33
DROP = 'drop'
PORTS = {'c2s': 'mc', 's2c': 'ms'}
BATCH = 64


class Wire(threading.Thread):
    """Copies frames from one port to the other.

    `policy` is asked for every TCP segment. It answers None (pass on after the usual delay), DROP, a delay in seconds, or a list of
    (delay, frame) that go instead.
    """

    def __init__(self, host, delay=0.0):
        super().__init__(daemon=True)
        self.delay = delay
        self.policy = None
        self.rate = None  # bytes per second and direction; None is without limit
        self.limit = 100_000  # frames that the queue before a slow link holds
        self.last = {}  # direction: last segment
        self.log = []  # what was dropped
        self._counts = {'c2s': 0, 's2c': 0}
        self._queue, self._order = [], 0
        self._busy_until = {'c2s': 0.0, 's2c': 0.0}
        self._waiting = {'c2s': 0, 's2c': 0}
        self._lock = threading.Lock()
        self._wake_read, self._wake_write = os.pipe()
        self._stopped = False
        self._ports = {direction: open_port(host, interface) for direction, interface in PORTS.items()}
        self._far = {'c2s': self._ports['s2c'], 's2c': self._ports['c2s']}

    def inject(self, direction, frame):
        """Hands a frame to the far end of a direction at once."""
        try:
            self._far[direction].send(bytes(frame))
        except OSError as failure:
            self.log.append({'t': time.time(), 'dir': direction, 'drop': f'not taken by the far end: {failure.strerror}'})

    def send_later(self, direction, frame, delay):
        with self._lock:
            self._order += 1
            heapq.heappush(self._queue, (time.monotonic() + delay, self._order, direction, bytes(frame)))
        os.write(self._wake_write, b'x')

    def stop(self):
        self._stopped = True
        self.join(1)

    def run(self):
        poll = select.poll()
        for port in self._ports.values():
            poll.register(port, select.POLLIN)
        poll.register(self._wake_read, select.POLLIN)
        directions = {port.fileno(): direction for direction, port in self._ports.items()}
        while not self._stopped:
            if self._send_due():
                continue
            for descriptor, _ in poll.poll(self._milliseconds_to_wait()):
                if descriptor == self._wake_read:
                    os.read(self._wake_read, 65536)
                else:
                    self._receive(directions[descriptor])

    def _send_due(self):
        with self._lock:
            due = []
            while self._queue and self._queue[0][0] <= time.monotonic():
                due.append(heapq.heappop(self._queue))
        for _, _, direction, frame in due:
            if self.rate:
                self._waiting[direction] -= 1
            self.inject(direction, frame)
        return bool(due)

    def _milliseconds_to_wait(self):
        with self._lock:
            left = 200 if not self._queue else max(0, min(200, (self._queue[0][0] - time.monotonic()) * 1000))
        if left > 2:
            return int(left)
        return 0 if left < 1 else 1  # spins for the last millisecond, which keeps delays true

    def _receive(self, direction):
        for _ in range(BATCH):
            try:
                frame = self._ports[direction].recv(70_000)
            except OSError:
                return
            try:
                self._pass_on(Segment(direction, frame))
            except Exception:
                traceback.print_exc()

    def _pass_on(self, segment):
        delay = self.delay
        if segment.is_tcp:
            segment.number = self._counts[segment.direction]
            self._counts[segment.direction] += 1
            self.last[segment.direction] = segment
            answer = self.policy(segment) if self.policy else None
            if answer == DROP:
                self._note_drop(segment, 1)
                return
            if isinstance(answer, list):
                for later, frame in answer:
                    self.send_later(segment.direction, frame, later)
                return
            if answer is not None:
                delay = answer
        if self.rate:
            queued = self._queue_for_link(segment)
            if queued is None:
                return
            delay += queued
        if delay <= 0:
            self.inject(segment.direction, segment.raw)
        else:
            self.send_later(segment.direction, segment.raw, delay)

    def _queue_for_link(self, segment):
        """Seconds until the slow link has sent it; None when its queue is full."""
        direction, now = segment.direction, time.monotonic()
        if self._waiting[direction] >= self.limit:
            self._note_drop(segment, 'queue')
            return None
        self._busy_until[direction] = max(self._busy_until[direction], now) + len(segment.raw) / self.rate
        self._waiting[direction] += 1
        return self._busy_until[direction] - now

    def _note_drop(self, segment, why):
        event = {'t': time.time(), 'dir': segment.direction, 'drop': why}
        if segment.is_tcp:
            event.update(seq=segment.seq, ack=segment.ack, flags=segment.flags, len=segment.length)
        self.log.append(event)


def open_port(host, interface):
    with host:
        port = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    port.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
    port.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 8 << 20)
    with host:
        port.bind((interface, ETH_P_ALL))
    port.setblocking(False)
    return port
