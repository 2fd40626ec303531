"""The hosts that runs used, with their IP addresses: for whoever opens a firewall or looks for a machine."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from store.models import Run


@dataclass(frozen=True, slots=True)
class Host:
    """One host by its name, with the addresses that it had."""

    name: str
    addresses: tuple[str, ...] = ()


def hosts_of(runs: Iterable[Run]) -> tuple[Host, ...]:
    """Each host once, with all the addresses that it had in these runs; a run that has not begun has none."""
    found: dict[str, dict[str, None]] = {}
    for run in runs:
        if run.host:
            found.setdefault(run.host, {}).update(dict.fromkeys(run.addresses))
    return tuple(Host(name, tuple(addresses)) for name, addresses in found.items())


def hosts_text(hosts: Sequence[Host]) -> str:
    """Names and addresses, one a line."""
    return "\n".join(line for host in hosts for line in (host.name, *host.addresses))


def hosts_json(hosts: Sequence[Host]) -> list[dict[str, object]]:
    """As the command line and the API print them."""
    return [{"name": host.name, "addresses": list(host.addresses)} for host in hosts]
