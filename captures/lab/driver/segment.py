"""TCP segments: as the wire sees them, and made by hand."""

import socket
import struct

FIN, SYN, RST, PSH, ACK, ECE, CWR = 1, 2, 4, 8, 16, 64, 128
ETHERNET = 14
IPV4, IPV6 = 0x0800, 0x86DD
TCP = 6
END_OF_OPTIONS, NO_OPERATION, TIMESTAMPS = 0, 1, 8
DONT_FRAGMENT = 0x4000


class Segment:
    """An Ethernet frame; of one that carries TCP over IPv4 or IPv6 also the fields. `direction` is c2s or s2c."""

    def __init__(self, direction, frame):
        self.direction = direction
        self.raw = bytearray(frame)
        self.is_tcp = False
        self.number = 0
        kind = struct.unpack_from('!H', frame, 12)[0] if len(frame) >= ETHERNET else 0
        self.v6 = kind == IPV6
        if kind == IPV4 and len(frame) >= 34 and frame[23] == TCP:
            self._read(ETHERNET + (frame[ETHERNET] & 15) * 4, ETHERNET + struct.unpack_from('!H', frame, 16)[0])
        elif self.v6 and len(frame) >= 54 and frame[20] == TCP:
            self._read(54, 54 + struct.unpack_from('!H', frame, 18)[0])

    def _read(self, header, end):
        raw = self.raw
        if len(raw) < header + 20:
            return
        self.is_tcp = True
        self.header, self.end = header, end
        self.source_port, self.destination_port, self.seq, self.ack = struct.unpack_from('!HHII', raw, header)
        self.payload_at = header + (raw[header + 12] >> 4) * 4
        self.length = end - self.payload_at
        self.flags = raw[header + 13]
        self.window = struct.unpack_from('!H', raw, header + 14)[0]
        self.fin, self.syn, self.rst, self.psh, self.has_ack = (bool(self.flags & bit) for bit in (FIN, SYN, RST, PSH, ACK))

    @property
    def is_pure_ack(self):
        return self.is_tcp and self.flags & (FIN | SYN | RST | ACK) == ACK and self.length == 0

    @property
    def has_data(self):
        return self.is_tcp and self.length > 0

    @property
    def source(self):
        return bytes(self.raw[22:38] if self.v6 else self.raw[26:30])

    @property
    def destination(self):
        return bytes(self.raw[38:54] if self.v6 else self.raw[30:34])

    def option(self, wanted):
        """Where an option begins in the frame, None when it is not there."""
        at = self.header + 20
        while at < self.payload_at and self.raw[at] != END_OF_OPTIONS:
            if self.raw[at] == wanted:
                return at
            at += 1 if self.raw[at] == NO_OPERATION else max(2, self.raw[at + 1])
        return None

    def timestamps(self):
        """TSval and TSecr, None without the option."""
        at = self.option(TIMESTAMPS)
        return None if at is None else struct.unpack_from('!II', self.raw, at + 2)

    def mark_congestion(self):
        """Sets Congestion Experienced, as a router would (IPv4)."""
        self.raw[15] |= 3
        self.raw[24:26] = b'\0\0'
        self.raw[24:26] = struct.pack('!H', checksum(bytes(self.raw[ETHERNET : self.header])))

    def renew_checksum(self):
        """After a field was rewritten."""
        at = self.header + 16
        self.raw[at : at + 2] = b'\0\0'
        segment = bytes(self.raw[self.header : self.end])
        self.raw[at : at + 2] = struct.pack('!H', checksum(pseudo_header(self.source, self.destination, len(segment)) + segment))


def checksum(data):
    """Internet checksum (RFC 1071)."""
    if len(data) & 1:
        data += b'\0'
    total = sum(struct.unpack(f'!{len(data) // 2}H', data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def pseudo_header(source, destination, length):
    if len(source) == 16:
        return source + destination + struct.pack('!IHBB', length, 0, 0, TCP)
    return source + destination + struct.pack('!BBH', 0, TCP, length)


def timestamp_option(value, echo):
    return b'\x01\x01\x08\x0a' + struct.pack('!II', value & 0xFFFFFFFF, echo & 0xFFFFFFFF)


def make_packet(source, destination, ports, seq, ack, flags, window=64240, options=b'', payload=b'', ttl=64):
    """An IPv4 packet with a TCP segment; addresses as text or as four bytes, `ports` are source and destination."""
    source, destination = (socket.inet_aton(each) if isinstance(each, str) else each for each in (source, destination))
    options += bytes([NO_OPERATION]) * (-len(options) % 4)
    offset = (20 + len(options)) // 4 << 4
    header = struct.pack('!HHIIBBHHH', *ports, seq & 0xFFFFFFFF, ack & 0xFFFFFFFF, offset, flags, window, 0, 0) + options
    segment = header + payload
    total = checksum(pseudo_header(source, destination, len(segment)) + segment)
    segment = segment[:16] + struct.pack('!H', total) + segment[18:]
    ip = struct.pack('!BBHHHBBH4s4s', 0x45, 0, 20 + len(segment), 0x4242, DONT_FRAGMENT, ttl, TCP, 0, source, destination)
    return ip[:10] + struct.pack('!H', checksum(ip)) + ip[12:] + segment
