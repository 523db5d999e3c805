"""A host of the lab: one network namespace."""

import ctypes
import os
import subprocess

CLONE_NEWNET = 0x40000000
LIBC = ctypes.CDLL('libc.so.6', use_errno=True)
OUTSIDE = os.open('/proc/thread-self/ns/net', os.O_RDONLY)

ROLES = {'c': 'client', 's': 'server', 'r': 'router', 'd': 'client2', 'm': 'wire'}


def run(command, check=True):
    """Runs a shell command and returns what it printed."""
    result = subprocess.run(command, shell=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if check and result.returncode:
        raise RuntimeError(f'{command}: {result.stdout.strip()}')
    return result.stdout


def enter_namespace(descriptor):
    """Moves the calling thread, and no other."""
    if LIBC.setns(descriptor, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), 'setns')


class Host:
    """`with host:` does what follows in its namespace; sockets made there stay there."""

    def __init__(self, role, name):
        self.role = role
        self.name = name
        run(f'ip netns del {name}', check=False)
        run(f'ip netns add {name}')
        self.descriptor = os.open(f'/run/netns/{name}', os.O_RDONLY)
        self.inode = os.fstat(self.descriptor).st_ino
        self.run('ip link set lo up')

    def __enter__(self):
        enter_namespace(self.descriptor)
        return self

    def __exit__(self, *failure):
        enter_namespace(OUTSIDE)

    def run(self, command, check=True):
        with self:
            return run(command, check)

    def start(self, arguments, **settings):
        with self:
            return subprocess.Popen(arguments, **settings)

    def destroy(self):
        os.close(self.descriptor)
        run(f'ip netns del {self.name}', check=False)
