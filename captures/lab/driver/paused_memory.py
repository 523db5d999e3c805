"""Memory whose page does not come until it is supplied: a system call that touches it waits inside the kernel (userfaultfd)."""

import ctypes
import fcntl
import mmap
import os
import struct

SYS_USERFAULTFD = {'x86_64': 323, 'aarch64': 282}
UFFDIO_API, UFFDIO_REGISTER, UFFDIO_ZEROPAGE = 0xC018AA3F, 0xC020AA00, 0xC020AA04
UFFD_API, MODE_MISSING = 0xAA, 1
PAGE = mmap.PAGESIZE
LIBC = ctypes.CDLL('libc.so.6', use_errno=True)


class PausedMemory:
    def __init__(self):
        self._descriptor = LIBC.syscall(SYS_USERFAULTFD[os.uname().machine], os.O_CLOEXEC)
        if self._descriptor < 0:
            raise OSError(ctypes.get_errno(), 'userfaultfd')
        fcntl.ioctl(self._descriptor, UFFDIO_API, bytearray(struct.pack('QQQ', UFFD_API, 0, 0)))
        self._page = mmap.mmap(-1, PAGE)
        self._address = ctypes.addressof(ctypes.c_char.from_buffer(self._page))
        fcntl.ioctl(self._descriptor, UFFDIO_REGISTER, bytearray(struct.pack('QQQQ', self._address, PAGE, MODE_MISSING, 0)))

    def receive_into(self, sock, size):
        """recv() that holds the socket until the page is there."""
        return LIBC.recv(sock.fileno(), ctypes.c_void_p(self._address), size, 0)

    def supply(self):
        fcntl.ioctl(self._descriptor, UFFDIO_ZEROPAGE, bytearray(struct.pack('QQQq', self._address, PAGE, 0, 0)))
