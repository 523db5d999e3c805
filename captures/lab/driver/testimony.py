"""The tracer's lines as events of the recording: whose they are, with the kernel's names for numbers."""

import gzip
import os
import re

from .socket_poll import STATES

CONGESTION_STATES = {0: 'Open', 1: 'Disorder', 2: 'CWR', 3: 'Recovery', 4: 'Loss'}
PROTOCOLS = {'6': 'tcp', '1': 'icmp', '58': 'icmp6'}
MOST_DROPS = 500  # told one by one; all are counted


def reasons(event, after):
    """Names of a tracepoint's enumeration, from its format file."""
    with open(f'/sys/kernel/tracing/events/{event}/format') as file:
        text = file.read()
    part = text[text.index(after) :]
    return {int(number): name for number, name in re.findall(r'\{ (\d+), "([^"]+)" \}', part)}


def jiffy_milliseconds():
    """The kernel counts some times in jiffies."""
    try:
        with gzip.open('/proc/config.gz', 'rt') as file:
            return 1000 // int(re.search(r'CONFIG_HZ=(\d+)', file.read()).group(1))
    except (OSError, AttributeError):
        return 4


def plain(address):
    return address.removeprefix('::ffff:')


def ends(source, source_port, destination, destination_port):
    return {'src': f'{plain(source)}:{source_port}', 'dst': f'{plain(destination)}:{destination_port}'}


class Testimony:
    """Sorts the tracer's events into lists, in the words of truth.json."""

    def __init__(self, network):
        self.network = network
        self.sides = {host.inode: role for role, host in network.hosts.items()}
        self.drop_reasons = reasons('skb/kfree_skb', '__print_symbolic')
        self.reset_reasons = reasons('tcp/tcp_send_reset', '"TCP_NEW_SYN_RECV" }) : "UNKNOWN"')
        self.jiffy = jiffy_milliseconds()
        names = ('states', 'drops', 'retransmits', 'synack_retransmits', 'resets_sent', 'resets_received', 'sk_errors', 'ca_states')
        self.told = {name: [] for name in names}
        self.told['drop_counts'] = {}
        self._unbound = {}
        self._tellers = {
            'S': self._state, 'D': self._drop, 'R': self._retransmit, 'Y': self._synack, 'X': self._reset_sent,
            'V': self._reset_received, 'E': self._error, 'C': self._congestion,
        }  # fmt: skip

    def hear(self, fields, wall_offset, until):
        """One line of the tracer; what came after `until` is the lab taking itself down."""
        time = round((int(fields[1]) + wall_offset) / 1e9, 6)
        side = self.sides.get(int(fields[2]))
        if side != 'm' and time <= until:
            self._tellers[fields[0]](time, side, fields[3:])

    def _state(self, time, side, fields):
        if side is None:
            return
        sock, old, new, source_port, destination_port, source, destination = fields
        here = ends(source, source_port, destination, destination_port)
        event = {'t': time, 'side': side, **here, 'old': STATES[int(old)], 'new': STATES[int(new)], 'sk': sock[-6:]}
        # A socket that connects enters SYN_SENT before it has an address: that is filled in when it is known.
        if source_port == '0' or plain(source) in ('0.0.0.0', '::'):
            self._unbound.setdefault((side, sock), []).append(event)
        else:
            for earlier in self._unbound.pop((side, sock), []):
                earlier.update(here)
        self.told['states'].append(event)

    def _drop(self, time, side, fields):
        reason, location, protocol, source, destination, source_port, destination_port, seq, ack, flags, length = fields
        if protocol not in PROTOCOLS or not (side or self.network.is_here(plain(source), plain(destination))):
            return
        name = self.drop_reasons.get(int(reason), reason)
        if name == 'NOT_SPECIFIED' and protocol != '6':
            return
        where = side or '?' + (self.network.owner(plain(destination)) or '')
        counts = self.told['drop_counts'].setdefault(where, {})
        counts[f'{name}@{location}'] = counts.get(f'{name}@{location}', 0) + 1
        if name == 'NOT_SPECIFIED' or len(self.told['drops']) >= MOST_DROPS:
            return
        event = {'t': time, 'side': where, 'reason': name, 'location': location, 'proto': PROTOCOLS[protocol]}
        event.update(ends(source, source_port, destination, destination_port))
        self.told['drops'].append({**event, 'seq': int(seq), 'ack': int(ack), 'flags': int(flags), 'iplen': int(length)})

    def _retransmit(self, time, side, fields):
        if side is None:
            return
        (
            _,
            state,
            source_port,
            destination_port,
            source,
            destination,
            seq,
            end_seq,
            congestion,
            retransmits,
            pending,
            probe,
            una,
            nxt,
            cwnd,
            rto,
            error,
        ) = fields
        self.told['retransmits'].append(
            {
                't': time,
                'side': side,
                'state': STATES[int(state)],
                **ends(source, source_port, destination, destination_port),
                'seq': int(seq),
                'end_seq': int(end_seq),
                'ca': CONGESTION_STATES.get(int(congestion), congestion),
                'icsk_retransmits': int(retransmits),
                'icsk_pending': int(pending),
                'tlp_high_seq': int(probe),
                'snd_una': int(una),
                'snd_nxt': int(nxt),
                'cwnd': int(cwnd),
                'rto_ms': int(rto) * self.jiffy,
                'err': int(error),
            }
        )

    def _synack(self, time, side, fields):
        if side is None:
            return
        source_port, destination_port, source, destination, timeouts, repeats = fields
        here = ends(source, source_port, destination, destination_port)
        self.told['synack_retransmits'].append({'t': time, 'side': side, **here, 'num_timeout': int(timeouts), 'num_retrans': int(repeats)})

    def _reset_sent(self, time, side, fields):
        _, state, reason, source_port, destination_port, source, destination, in_reply = fields
        side = side or self.network.owner(source)
        if side is None or not (self.network.is_here(source, destination) or self.network.v6):
            return
        event = {'t': time, 'side': side, **ends(source, source_port, destination, destination_port), 'state': STATES.get(int(state), 'none')}
        self.told['resets_sent'].append({**event, 'reason': self.reset_reasons.get(int(reason), reason), 'in_reply_to_segment': in_reply == '1'})

    def _reset_received(self, time, side, fields):
        if side is None:
            return
        _, source_port, destination_port, source, destination, state = fields
        here = ends(source, source_port, destination, destination_port)
        self.told['resets_received'].append({'t': time, 'side': side, **here, 'state': STATES.get(int(state), state)})

    def _error(self, time, _, fields):
        _, source_port, destination_port, source, destination, number = fields
        if number == '0' or not self.network.is_here(plain(source)):
            return
        side = self.network.owner(plain(source)) or '?'
        here = ends(source, source_port, destination, destination_port)
        self.told['sk_errors'].append({'t': time, 'side': side, **here, 'errno': int(number), 'name': os.strerror(int(number))})

    def _congestion(self, time, side, fields):
        if side is None:
            return
        _, source_port, destination_port, source, destination, state, una, cwnd = fields
        here = ends(source, source_port, destination, destination_port)
        name = CONGESTION_STATES.get(int(state), state)
        self.told['ca_states'].append({'t': time, 'side': side, **here, 'ca': name, 'snd_una': int(una), 'cwnd': int(cwnd)})
