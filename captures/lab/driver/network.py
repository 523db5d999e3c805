"""Which hosts a scenario has, and how they are connected."""

import re
import time

from .host import Host, run

# Every topology: its hosts, and the cables between their interfaces.
TOPOLOGIES = {
    # client - server
    'direct': ('cs', [('c', 'eth0', 's', 'eth0')]),
    # client - wire - server
    'wire': ('cms', [('c', 'eth0', 'm', 'mc'), ('m', 'ms', 's', 'eth0')]),
    # client - router - server
    'router': ('crs', [('c', 'eth0', 'r', 'rc'), ('r', 'rs', 's', 'eth0')]),
    # two clients - router - server
    'router2': ('cdrs', [('c', 'eth0', 'r', 'rc'), ('d', 'eth0', 'r', 'rd'), ('r', 'rs', 's', 'eth0')]),
    # client - wire - router - server
    'wrouter': ('cmrs', [('c', 'eth0', 'm', 'mc'), ('m', 'ms', 'r', 'rc'), ('r', 'rs', 's', 'eth0')]),
}
SUBNET_OF = {'c': 1, 's': 2, 'd': 3}
ROUTER_PORT = {'c': 'rc', 's': 'rs', 'd': 'rd'}
NO_IPV6 = 'sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1'
NO_OFFLOAD = 'tx off rx off tso off gso off gro off'


class Network:
    """Hosts with addresses and permanent neighbour entries, so that no ARP comes before the first SYN."""

    def __init__(self, subnet, topology, v6=False, mtu=1500, offload=False, router_mtu=None):
        self.subnet, self.topology, self.v6, self.mtu, self.offload = subnet, topology, v6, mtu, offload
        roles, cables = TOPOLOGIES[topology]
        self.hosts = {role: Host(role, f'lab{subnet}{role}') for role in roles}
        self.endpoints = [role for role in 'csd' if role in roles]
        for role, host in self.hosts.items():
            if not v6 or role == 'm':
                host.run(NO_IPV6, check=False)
        for cable in cables:
            self._plug(*cable)
        if 'm' in roles:
            for interface in ('mc', 'ms'):
                self.hosts['m'].run(f'ip link set {interface} promisc on')
        self.addresses6 = {}
        if 'r' in roles:
            self._route(router_mtu)
        else:
            self._address_neighbours()
        time.sleep(0.05)

    def _plug(self, host, interface, other, other_interface):
        ends = [(self.hosts[host], interface), (self.hosts[other], other_interface)]
        (a, a_end), (b, b_end) = ends
        run(f'ip link add {a_end} netns {a.name} type veth peer name {b_end} netns {b.name}')
        for end, name in ends:
            if not self.offload:
                end.run(f'ethtool -K {name} {NO_OFFLOAD}', check=False)
            end.run(f'ip link set {name} mtu {self.mtu} up')

    def _address_neighbours(self):
        self.addresses = {'c': f'10.{self.subnet}.0.1', 's': f'10.{self.subnet}.0.2'}
        if self.v6:
            self.addresses6 = {'c': f'fd00:{self.subnet}::1', 's': f'fd00:{self.subnet}::2'}
        for role, peer in ('cs', 'sc'):
            host, hardware = self.hosts[role], self.hardware_address(peer, 'eth0')
            host.run(f'ip addr add {self.addresses[role]}/24 dev eth0')
            host.run(f'ip neigh replace {self.addresses[peer]} lladdr {hardware} dev eth0 nud permanent')
            if self.v6:
                host.run(f'ip -6 addr add {self.addresses6[role]}/64 dev eth0 nodad')
                host.run(f'ip -6 neigh replace {self.addresses6[peer]} lladdr {hardware} dev eth0 nud permanent')

    def _route(self, router_mtu):
        router = self.hosts['r']
        router.run('sysctl -qw net.ipv4.ip_forward=1')
        self.addresses = {'r': f'10.{self.subnet}.1.1'}
        for role in self.endpoints:
            gateway = f'10.{self.subnet}.{SUBNET_OF[role]}.1'
            self.addresses[role] = f'10.{self.subnet}.{SUBNET_OF[role]}.2'
            port, host = ROUTER_PORT[role], self.hosts[role]
            router.run(f'ip addr add {gateway}/24 dev {port}')
            host.run(f'ip addr add {self.addresses[role]}/24 dev eth0 && ip route add default via {gateway}')
            host.run(f'ip neigh replace {gateway} lladdr {self.hardware_address("r", port)} dev eth0 nud permanent')
            router.run(f'ip neigh replace {self.addresses[role]} lladdr {self.hardware_address(role, "eth0")} dev {port} nud permanent')
        if router_mtu:
            router.run(f'ip link set rs mtu {router_mtu}')

    def hardware_address(self, role, interface):
        shown = self.hosts[role].run(f'ip link show {interface}')
        return re.search(r'link/ether (\S+)', shown).group(1)

    def address(self, role):
        return (self.addresses6 if self.v6 else self.addresses)[role]

    def owner(self, address):
        """The role that has an address, None when it is of no host here."""
        for known in (self.addresses, self.addresses6):
            for role, value in known.items():
                if value == address:
                    return role
        return None

    def is_here(self, *addresses):
        prefixes = (f'10.{self.subnet}.', f'fd00:{self.subnet}:')
        return any(address.startswith(prefixes) for address in addresses)

    def destroy(self):
        for host in self.hosts.values():
            host.destroy()
