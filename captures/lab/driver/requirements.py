"""What recording needs, said in one line when it is not there."""

import os
import platform
import shutil

TOOLS = {
    'ip': 'iproute2',
    'ss': 'iproute2',
    'tcpdump': 'tcpdump',
    'bpftrace': 'bpftrace',
    'nft': 'nftables',
    'ethtool': 'ethtool',
    'conntrack': 'conntrack',
}
TRACEPOINTS = '/sys/kernel/tracing/events'


def missing():
    """Clauses; none when a recording can begin."""
    if platform.system() != 'Linux':
        return ['Linux (namespaces, tracepoints and the kernel that is to testify)']
    lacks = []
    if os.geteuid() != 0:
        lacks.append('root (for network namespaces and tracepoints)')
    packages = sorted({package for tool, package in TOOLS.items() if shutil.which(tool) is None})
    if packages:
        lacks.append(f'tools (apt-get install {" ".join(packages)})')
    if os.geteuid() == 0 and not os.path.isdir(os.path.join(TRACEPOINTS, 'tcp')):
        lacks.append(f'TCP tracepoints in {TRACEPOINTS} (mount -t tracefs nodev /sys/kernel/tracing)')
    return lacks
