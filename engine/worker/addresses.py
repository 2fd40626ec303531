"""The IP addresses of this machine, for people who look for a run in the logs of a firewall or a database."""

import ipaddress
import socket

import psutil

_FAMILIES = (socket.AF_INET, socket.AF_INET6)


def own_addresses() -> tuple[str, ...]:
    """Those that others can see, IPv4 first; none where the system does not tell."""
    try:
        interfaces = psutil.net_if_addrs()
    except OSError:
        return ()
    found = [
        ipaddress.ip_address(each.address.partition("%")[0])
        for addresses in interfaces.values()
        for each in addresses
        if each.family in _FAMILIES
    ]
    seen = {address for address in found if not (address.is_loopback or address.is_link_local)}
    return tuple(str(address) for address in sorted(seen, key=lambda address: (address.version, int(address))))
