"""The channels for messages that a configuration describes."""

import os
from collections.abc import Mapping
from datetime import time
from pathlib import Path

from engine.configuration.tables import NotificationTable
from engine.errors import ConfigurationError
from engine.notifications.channel import OCCASIONS, Channel, QuietHours


def written_channels(file: Path, tables: Mapping[str, NotificationTable]) -> tuple[Channel, ...]:
    """Raises ConfigurationError for a channel that leads nowhere, or to several places."""
    return tuple(_channel(file, name, table) for name, table in tables.items())


def _channel(file: Path, name: str, table: NotificationTable) -> Channel:
    ways = [way for way in ("url", "webhook", "command") if getattr(table, way)]
    if len(ways) != 1:
        told = f"{' and '.join(ways)} are several" if ways else "it has none"
        raise ConfigurationError(f"{file}: [notifications.{name}] needs one of url, webhook and command; {told}.")
    if table.timezone and not table.quiet_hours:
        raise ConfigurationError(f"{file}: [notifications.{name}] has a timezone but no quiet_hours, which it is for.")
    return Channel(
        name=name,
        url=table.url,
        webhook=table.webhook,
        command=_command(file, table),
        occasions=frozenset(table.on or OCCASIONS),
        jobs=frozenset(table.jobs),
        environments=frozenset(table.environments),
        quiet=_quiet(table),
    )


def _command(file: Path, table: NotificationTable) -> tuple[str, ...]:
    """A program that is named by a path is looked for beside the file, wherever the engine was started."""
    if not table.command:
        return ()
    program, *arguments = table.command
    if os.sep in program:
        program = os.path.normpath(file.parent / Path(program).expanduser())
    return (program, *arguments)


def _quiet(table: NotificationTable) -> QuietHours | None:
    if table.quiet_hours is None:
        return None
    start, _, end = table.quiet_hours.partition("-")
    return QuietHours(time.fromisoformat(start), time.fromisoformat(end), table.timezone)
