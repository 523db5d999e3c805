"""tcpdump at the vantages of a recording."""

import os
import re
import signal
import subprocess
import time

from .host import ROLES


class Capture:
    """One running tcpdump that writes <folder>/<vantage>.pcap."""

    def __init__(self, host, folder, snaplen, wanted, interface=None, buffer_kib=8192):
        self.vantage = ROLES[host.role]
        self.interface = interface or ('any' if host.role == 'r' else 'eth0')
        self.told = {'file': f'{self.vantage}.pcap', 'vantage': self.vantage, 'iface': self.interface, 'snaplen': snaplen, 'filter': wanted}
        arguments = ['tcpdump', '-i', self.interface, '-n', '-U', '--immediate-mode', '-B', str(buffer_kib), '-Z', 'root', '-s', str(snaplen)]
        arguments += ['-w', os.path.join(folder, self.told['file'])]
        if self.interface == 'any':
            arguments += ['-y', 'LINUX_SLL2']
        self.process = host.start(arguments + wanted.split(), stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
        while (line := self.process.stderr.readline()) and b'listening on' not in line:
            pass
        self.told['started'] = time.time()

    def pause(self):
        """tcpdump does not run until `resume`: what its buffer cannot hold is lost to the capture."""
        self.process.send_signal(signal.SIGSTOP)

    def resume(self):
        self.process.send_signal(signal.SIGCONT)

    def stop(self):
        if 'stopped' in self.told:
            return
        self.process.send_signal(signal.SIGINT)
        said = self.process.stderr.read().decode()
        self.process.wait()
        self.told['stopped'] = time.time()
        lost = re.search(r'([1-9]\d*) packets? dropped by kernel', said)
        if lost:
            self.told['dropped'] = int(lost.group(1))
