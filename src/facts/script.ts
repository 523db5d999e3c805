/** How the sections of the script's output begin; its last line is the one named "end". */
export const MARKER: string = '### tcpexplain facts: ';

/** What `tcpexplain facts` prints: run before and after a capture, it saves what a host knows about its TCP. */
export const SCRIPT: string = `#!/bin/sh
# Saves what this host knows about its TCP, for tcpexplain. It only reads, and sends nothing anywhere.
#
#   sh facts.sh > before.txt
#   tcpdump -i any -s 128 -w capture.pcap tcp or icmp or icmp6
#   sh facts.sh > after.txt
#   tcpexplain capture.pcap --side server --facts before.txt --facts after.txt
#
# No root is needed, but only root sees: the kernel log (where kernel.dmesg_restrict is 1), who owns a socket, and some settings.
# A container has its own counters, settings and sockets: run it in there, or with "nsenter -t PID -n sh facts.sh".

LC_ALL=C
export LC_ALL
PATH=$PATH:/usr/sbin:/sbin

section() { printf '\\n${MARKER}%s\\n' "$1"; }
has() { command -v "$1" >/dev/null 2>&1; }

printf '${MARKER}version\\n1\\n'

section time
date +%s
cat /proc/uptime 2>/dev/null

section kernel
uname -r

section addresses
if has ip; then ip -o address
elif has ifconfig; then ifconfig -a
fi 2>/dev/null

section counters
if has nstat; then nstat -az
else cat /proc/net/snmp /proc/net/netstat /proc/net/snmp6
fi 2>/dev/null

section sockets
if has ss; then ss -tanoipm
elif has netstat; then netstat -tan
fi 2>/dev/null

section sysctl
if has sysctl; then sysctl -a 2>/dev/null | grep '^net\\.'
else find /proc/sys/net -type f -exec grep -H . {} + 2>/dev/null
fi

if dmesg >/dev/null 2>&1; then
  section log
  dmesg | grep -e 'TCP: ' -e conntrack -e martian -e neighbour | tail -n 500
fi

section end
`;
