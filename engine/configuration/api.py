"""The API over TCP and the webhooks that a configuration describes."""

from collections.abc import Mapping, Sequence
from ipaddress import ip_address
from pathlib import Path

from engine.api.settings import ApiSettings, Webhook
from engine.configuration.names import suggestion
from engine.configuration.tables import ApiTable, WebhookTable
from engine.errors import ConfigurationError
from store.models import Project

_LARGEST_PORT = 65_535


def written_api(file: Path, table: ApiTable) -> ApiSettings | None:
    """None where it is not to listen. Raises ConfigurationError for what would be open to anybody who listens in."""
    if table.listen is None:
        if table.model_fields_set:
            raise ConfigurationError(f'{file}: [api] needs the key listen, such as "127.0.0.1:8470".')
        return None
    host, port = _address(file, table.listen)
    if (table.certificate is None) != (table.key is None):
        raise ConfigurationError(f"{file}: [api] needs both certificate and key for TLS, or neither.")
    if not table.certificate and not table.behind_proxy and not _is_loopback(host):
        raise ConfigurationError(
            f"{file}: [api] would send tokens in the clear over {host}: give it certificate and key, listen on "
            "127.0.0.1, or say behind_proxy = true where a proxy in front of it does TLS."
        )
    return ApiSettings(
        host=host,
        port=port,
        certificate=_tls_file(file, "certificate", table.certificate),
        key=_tls_file(file, "key", table.key),
        rate_limit=table.rate_limit,
        max_body=table.max_body,
    )


def written_webhooks(
    file: Path, tables: Mapping[str, WebhookTable], projects: Sequence[Project]
) -> tuple[Webhook, ...]:
    """Raises ConfigurationError for a project that is not there, or not named where there are several."""
    return tuple(_webhook(file, name, table, [project.name for project in projects]) for name, table in tables.items())


def _webhook(file: Path, name: str, table: WebhookTable, projects: Sequence[str]) -> Webhook:
    place = f"{file}: webhooks.{name}"
    if table.project is None and len(projects) != 1:
        raise ConfigurationError(f"{place} needs the key project: one of {', '.join(projects)}.")
    project = table.project or projects[0]
    if project not in projects:
        raise ConfigurationError(f'{place}.project: there is no project "{project}"; {suggestion(project, projects)}')
    return Webhook(name, table.provider, table.secret_env, project, table.forks)


def _address(file: Path, text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not host or not port.isdecimal() or not 0 < int(port) <= _LARGEST_PORT:
        raise ConfigurationError(f'{file}: api.listen: "{text}" is no address; write it like "127.0.0.1:8470".')
    return host, int(port)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _tls_file(file: Path, key: str, written: str | None) -> Path | None:
    if written is None:
        return None
    found = file.parent / Path(written).expanduser()
    if not found.is_file():
        raise ConfigurationError(f"{file}: api.{key}: there is no file {written}.")
    return found
