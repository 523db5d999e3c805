"""The lab in which one scenario is played: hosts, wire, sockets, captures and witnesses together."""

import platform
import time

from .captures import Capture
from .counters import moved, read_counters
from .interventions import Interventions
from .journal import Journal
from .kernel_log import KernelLog
from .network import Network
from .socket_poll import SocketPoll
from .sockets import Sockets
from .testimony import Testimony
from .timeline import timeline
from .tracer import Tracer, monotonic_to_wall
from .wire import Wire

TCP_AND_ERRORS = 'tcp or icmp or icmp6'
MOST_RULES = 4000  # characters


class Lab:
    """Settings of a scenario:

    network     a topology of network.py
    delay       of the wire, seconds one way
    sysctls     {'c': {name: value}}; 'cs' sets both ends
    v6          addresses of both kinds, sockets of IPv6
    vantages    where to capture
    snaplen, wanted, buffer_kib    of the captures (bytes of a frame, filter expression, buffer)
    capture_from_start    False when the scenario begins the capture itself
    poll        seconds between two looks at all sockets
    """

    def __init__(
        self, plot, story, subnet, folder, network='direct', delay=0.0, sysctls=None, v6=False, mtu=1500, offload=False, router_mtu=None,
        vantages='cs', snaplen=0, wanted=TCP_AND_ERRORS, buffer_kib=8192, interface=None, capture_from_start=True, poll=0.01,
        congestion_control=b'cubic',
    ):  # fmt: skip
        self.plot, self.story, self.folder, self.delay = plot, story, folder, delay
        self._capture_settings = {'snaplen': snaplen, 'wanted': wanted.format(subnet=subnet), 'buffer_kib': buffer_kib, 'interface': interface}
        self._vantages = vantages
        self.journal = Journal()
        self.captures = []
        self.extra = {}
        self.log = KernelLog()
        self.tracer = Tracer(folder)
        self.network = Network(subnet, network, v6, mtu, offload, router_mtu)
        self.hosts = self.network.hosts
        self.interventions = Interventions(self.network, self.journal)
        self.sockets = Sockets(self.network, self.journal, congestion_control)
        for roles, settings in (sysctls or {}).items():
            for role in roles:
                for name, value in settings.items():
                    self.interventions.set(role, name, value)
        self.wire = Wire(self.hosts['m'], delay) if 'm' in self.hosts else None
        if self.wire:
            self.wire.start()
        self.poll = SocketPoll(self.network, poll)
        self.poll.start()
        self.count_from_here()
        if capture_from_start:
            self.start_capture()

    # What scenarios say most, in short.

    def __getattr__(self, name):
        for part in ('sockets', 'interventions', 'journal'):
            if part in self.__dict__ and hasattr(self.__dict__[part], name):
                return getattr(self.__dict__[part], name)
        raise AttributeError(name)

    def address(self, role):
        return self.network.address(role)

    def snap(self, label):
        self.journal.snapshot(label, {role: self.hosts[role] for role in self.network.endpoints})

    def inject(self, direction, seq, ack, flags, **more):
        self.interventions.inject(self.wire, direction, seq, ack, flags, **more)

    def wait(self, seconds):
        time.sleep(seconds)

    def wait_until(self, is_over, seconds, step=0.1):
        """Waits until something is over, at most that long; returns how long it took."""
        started = time.time()
        while time.time() - started < seconds and not is_over():
            time.sleep(step)
        return time.time() - started

    def has_sockets(self, role, state):
        return bool(self.hosts[role].run(f'ss -tanH state {state}').strip())

    # The frame of the recording.

    def count_from_here(self):
        """Forgets what came before: dry runs that prepare a scenario."""
        self._counters = {role: read_counters(host) for role, host in self.hosts.items()}
        self._since = time.clock_gettime_ns(time.CLOCK_MONOTONIC)

    def start_capture(self, settings=None):
        for role in self._vantages:
            self.captures.append(Capture(self.hosts[role], self.folder, **{**self._capture_settings, **(settings or {})}))
        time.sleep(0.1)

    def finish(self, failure=None):
        """Stops everything and returns the truth: all that the kernel testified."""
        self.sockets.finish_threads()
        time.sleep(0.25)
        until = time.time()
        if self.wire:
            self.wire.stop()
        ends = {role: host for role, host in self.hosts.items() if role != 'm'}
        counters = {role: moved(self._counters[role], read_counters(host)) for role, host in ends.items()}
        settings = {role: host.run('sysctl -a 2>/dev/null | grep net.ipv4.tcp', check=False) for role, host in ends.items()}
        context = self._context()
        self.poll.stop()
        for capture in self.captures:
            capture.stop()
        self.sockets.close_all()
        polled = [event for event in self.poll.events if event['t'] <= until]
        told, clock = self._testimony(until)
        return {
            'scenario': self.plot,
            'description': self.story,
            'kernel': platform.release(),
            'kernel_version': platform.version(),
            'topology': self.network.topology,
            'one_way_delay_ms': self.delay * 1000,
            'mtu': self.network.mtu,
            'congestion_control_of_lab_sockets': self.sockets.congestion_control.decode(),
            'offload': self.network.offload,
            'addresses': self.network.addresses,
            'addresses6': self.network.addresses6 or None,
            'captures': [capture.told for capture in self.captures],
            'sysctls_changed': self.interventions.changed,
            'host_sysctls_changed': self.interventions.changed_everywhere,
            'actions': self.journal.actions,
            'nstat': counters,
            **told,
            'clock': clock,
            'diag': polled,
            't_end': until,
            'timeline': timeline(told['states'], polled),
            'wire_log': self.wire.log if self.wire else [],
            'ss': self.journal.snapshots,
            'kmsg': self.log.since_start(self.network),
            'context': context,
            'notes': self.journal.notes,
            'sysctl_tcp': settings,
            'trace_lost': self.tracer.lost,
            'error': failure,
            **self.extra,
        }

    def _context(self):
        """Firewall rules of all hosts, and what the router tracks."""
        context = {'nft': {role: host.run('nft list ruleset 2>/dev/null', check=False)[:MOST_RULES] for role, host in self.hosts.items()}}
        if 'r' in self.hosts:
            router = self.hosts['r']
            context['conntrack'] = router.run('conntrack -L 2>/dev/null; conntrack -S 2>/dev/null', check=False)
            context['netfilter_sysctl'] = router.run('sysctl -a 2>/dev/null | grep -E "nf_conntrack|rp_filter|ip_forward"', check=False)
        return context

    def _testimony(self, until):
        events = self.tracer.stop()
        offset, exact_to = monotonic_to_wall()
        testimony = Testimony(self.network)
        for fields in events:
            if int(fields[1]) >= self._since:
                testimony.hear(fields, offset, until)
        return testimony.told, {'mono_to_wall_ns': offset, 'uncertainty_ns': exact_to}

    def destroy(self):
        self.network.destroy()
