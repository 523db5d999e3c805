"""What the kernel logged meanwhile. The log is the whole machine's: only lines about this recording's addresses are kept, and nameless ones."""

import os
import re

SUBJECTS = ('TCP', 'conntrack', 'ICMP', 'martian')
ADDRESS = re.compile(r'\d+\.\d+\.\d+\.\d+')


class KernelLog:
    def __init__(self):
        self._descriptor = os.open('/dev/kmsg', os.O_RDONLY | os.O_NONBLOCK)
        os.lseek(self._descriptor, 0, os.SEEK_END)

    def since_start(self, network):
        lines = []
        try:
            while True:
                record = os.read(self._descriptor, 8192).decode(errors='replace')
                lines.append(record.split('\n')[0].split(';', 1)[-1])
        except BlockingIOError:
            pass
        os.close(self._descriptor)
        return [line for line in lines if any(subject in line for subject in SUBJECTS) and self._is_ours(line, network)]

    @staticmethod
    def _is_ours(line, network):
        found = ADDRESS.findall(line)
        return not found or network.is_here(*found)
