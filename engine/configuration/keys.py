"""The keys that people gave another place: the `[keys]` tables of their own file and of `runroom.toml`."""

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.configuration.locate import user_file
from engine.errors import ConfigurationError
from store.paths import WorkspacePaths


@dataclass(frozen=True, slots=True)
class WrittenKeys:
    """What one file says: keys by the id of what they do. Which ids there are, only the app knows."""

    file: Path
    keys: Mapping[str, str]


def written_keys(folder: Path) -> tuple[WrittenKeys, ...]:
    """What is written for the workspace in this folder; of two that name the same id, the later one decides.

    A file that is no TOML says nothing here: who reads the whole of it says so, and an app that shows the record
    opens all the same. Raises ConfigurationError for a `[keys]` that is no table of texts.
    """
    files = [file for file in (user_file(os.environ), WorkspacePaths(folder).configuration) if file is not None]
    found = [WrittenKeys(file, _keys_in(file)) for file in files if file.is_file()]
    return tuple(written for written in found if written.keys)


def _keys_in(file: Path) -> Mapping[str, str]:
    # Read without the tables of the configuration: loading them takes longer than all else before the first picture.
    try:
        table = tomllib.loads(file.read_text("utf-8")).get("keys", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError):
        return {}
    if not isinstance(table, dict):
        raise ConfigurationError(f'{file}: keys has to be a table, such as [keys] with run.stop = "ctrl+x" in it.')
    return dict(_texts(file, table))


def _texts(file: Path, table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """`run.stop = "ctrl+x"` without quotes around `run.stop` is a table in a table to TOML, and means the same."""
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _texts(file, value, f"{prefix}{name}.")
        elif isinstance(value, str):
            yield f"{prefix}{name}", value
        else:
            raise ConfigurationError(f'{file}: keys.{prefix}{name} has to be a text, such as "ctrl+x".')
