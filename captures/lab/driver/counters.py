"""SNMP counters of a host, as `nstat -az` names them."""


def read_counters(host):
    counters = {}
    with host:
        for name in ('netstat', 'snmp'):
            with open(f'/proc/thread-self/net/{name}') as file:
                lines = file.read().splitlines()
            for heads, values in zip(lines[::2], lines[1::2]):
                group, *names = heads.split()
                counters.update({group[:-1] + key: int(value) for key, value in zip(names, values.split()[1:])})
        try:
            with open('/proc/thread-self/net/snmp6') as file:
                counters.update({key: int(value) for key, value in (line.split() for line in file)})
        except OSError:
            pass
    return counters


def moved(before, after):
    """What changed, and by how much."""
    return {name: value - before.get(name, 0) for name, value in after.items() if value != before.get(name, 0)}
