"""Claims about a recording, checked against what the kernel testified."""

import os
import struct

from .segment import ETHERNET, Segment

LINK_ETHERNET = 1


class Proof:
    """Collects claims; the recording is accepted when all of them hold."""

    def __init__(self, truth, folder):
        self.truth, self.folder = truth, folder
        self.checks = []

    def that(self, claim, holds, seen=''):
        self.checks.append({'what': claim, 'ok': bool(holds), 'detail': str(seen)})

    @property
    def holds(self):
        return bool(self.checks) and all(check['ok'] for check in self.checks)

    def count(self, side, counter):
        return self.truth['nstat'].get(side, {}).get(counter, 0)

    def counted(self, side, counter, least=1):
        count = self.count(side, counter)
        self.that(f'{counter} rose at {side}', count >= least, count)

    def not_counted(self, side, counter):
        count = self.count(side, counter)
        self.that(f'{counter} did not rise at {side}', count == 0, count)

    def dropped(self, reason, side=None, least=1):
        counts = self.truth['drop_counts']
        found = sum(n for where, by in counts.items() if side in (None, where.lstrip('?')) for key, n in by.items() if key.startswith(f'{reason}@'))
        self.that(f'the kernel dropped for {reason}', found >= least, found)

    def resets(self, side=None, reason=None):
        return [each for each in self.truth['resets_sent'] if side in (None, each['side']) and reason in (None, each['reason'])]

    def reset_sent(self, side, reason, least=1):
        seen = [f'{each["side"]} {each["reason"]}/{each["state"]}' for each in self.truth['resets_sent']]
        self.that(f'{side} sent a reset for {reason}', len(self.resets(side, reason)) >= least, seen)

    def no_reset(self):
        self.that('nobody sent a reset', not self.truth['resets_sent'], len(self.truth['resets_sent']))

    def entered(self, side, *states):
        """Some socket of that end went through these states, one after the other."""
        steps = {(each['old'], each['new']) for each in self.truth['states'] if each['side'] == side}
        wanted = list(zip(states, states[1:]))
        self.that(f'{side} went {" > ".join(states)}', all(step in steps for step in wanted), [step for step in wanted if step not in steps] or '')

    def polled(self, side, state, timer=None, least=1):
        """The poll saw sockets of that end in a state, e.g. TIME_WAIT."""
        found = {
            (each['src'], each['dst'])
            for each in self.truth['diag']
            if each['side'] == side and each['state'] == state and timer in (None, each['timer'])
        }
        self.that(f'{side} had {state}', len(found) >= least, len(found))

    def resent(self, side=None, state=None):
        return [each for each in self.truth['retransmits'] if side in (None, each['side']) and state in (None, each['state'])]

    def retransmitted(self, side, state=None, least=1, most=None):
        found = len(self.resent(side, state))
        self.that(f'{side or "somebody"} retransmitted{" in " + state if state else ""}', found >= least and (most is None or found <= most), found)

    def not_retransmitted(self):
        counts = {side: self.count(side, 'TcpRetransSegs') for side in self.truth['nstat']}
        self.that('nobody retransmitted anything', not any(counts.values()), counts)

    def synack_repeated(self, least=1):
        found = len(self.truth['synack_retransmits'])
        self.that('the SYN-ACK was repeated', found >= least, found)

    def failed(self, side, error):
        seen = [f'{each["side"]} {each["name"]}' for each in self.truth['sk_errors']]
        self.that(f'a socket of {side} failed with {error}', f'{side} {error}' in seen, seen)

    def logged(self, text):
        self.that(f'the kernel logged "{text}"', any(text in line for line in self.truth['kmsg']), self.truth['kmsg'][:2])

    def showed(self, label, side, text):
        """The snapshot of `ss` with that label."""
        shown = self.truth['ss'].get(label, {}).get(side, '')
        self.that(f'ss at {side} showed {text}', text in shown)

    def noted(self, text):
        """The scenario wrote down what an application got."""
        self.that(f'noted: {text}', any(text in note for note in self.truth['notes']), self.truth['notes'])

    def lost_on_the_wire(self, least=1):
        self.that('the wire lost segments', len(self.truth['wire_log']) >= least, len(self.truth['wire_log']))

    def captured(self, vantage):
        """The TCP segments in a capture, with `time` in seconds."""
        return list(read_pcap(os.path.join(self.folder, f'{vantage}.pcap')))

    def seen(self, vantage, claim, wanted, least=1, most=None):
        """How many captured segments satisfy `wanted`."""
        found = sum(1 for segment in self.captured(vantage) if wanted(segment))
        self.that(f'{vantage} captured {claim}', found >= least and (most is None or found <= most), found)


def read_pcap(path):
    """TCP segments of an Ethernet capture in classic pcap format; cut headers are skipped."""
    with open(path, 'rb') as file:
        data = file.read()
    order = '<' if data[:4] in (b'\xd4\xc3\xb2\xa1', b'\x4d\x3c\xb2\xa1') else '>'
    link = struct.unpack_from(order + 'I', data, 20)[0]
    at = 24
    while at + 16 <= len(data):
        seconds, fraction, size, original = struct.unpack_from(order + 'IIII', data, at)
        frame = data[at + 16 : at + 16 + size]
        at += 16 + size
        if link != LINK_ETHERNET or len(frame) < ETHERNET:
            continue
        segment = Segment('', frame)
        if segment.is_tcp:
            segment.time = seconds + fraction / 1e6
            segment.is_cut = size < original
            yield segment
