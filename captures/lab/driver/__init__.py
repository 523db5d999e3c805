"""The recorder: hosts, wire, sockets and the kernel's own testimony, in parts."""
