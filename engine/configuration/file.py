"""Reads a configuration file, and says in one sentence what is wrong with it."""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError

from engine.configuration.names import suggestion
from engine.configuration.tables import ConfigurationTable, Table
from engine.errors import ConfigurationError

T = TypeVar("T", bound=Table)


def read_configuration(file: Path) -> ConfigurationTable:
    """What a `runroom.toml` says. Raises ConfigurationError naming the file and the line or key."""
    return read_table(file, ConfigurationTable)


def read_table(file: Path, table: type[T]) -> T:
    """A TOML file as the given table. Raises ConfigurationError naming the file and the line or key."""
    try:
        values = tomllib.loads(file.read_bytes().decode("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{file} is no valid TOML: {_lower_first(str(error))}.") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ConfigurationError(f"{file} is no UTF-8 text in line {line}.") from error
    except OSError as error:
        raise ConfigurationError(f"{file} cannot be read: {error.strerror}.") from error
    try:
        return table.model_validate(values)
    except ValidationError as error:
        raise ConfigurationError(f"{file}: {_sentence(error, table)}") from error


def _sentence(error: ValidationError, table: type[Table]) -> str:
    problem = error.errors(include_url=False)[0]
    # What pydantic adds to the place of a mapping's bad key says nothing to a user.
    place = [part for part in problem["loc"] if part != "[key]"]
    key = _key(place)
    if problem["type"] == "extra_forbidden":
        return f"{key} is not a known key; {suggestion(str(place[-1]), _fields(table, place[:-1]))}"
    if problem["type"] == "missing":
        return f"{_key(place[:-1])} needs the key {place[-1]}."
    if problem["type"] == "value_error":
        return f"{key}: {problem['ctx']['error']}."
    return f"{key}: {_lower_first(problem['msg'])}."


def _fields(table: type[BaseModel], place: Sequence[Any]) -> list[str]:
    """The keys that may stand in the table at this place: the whole file, `[workspace]`, a step of `[jobs.NAME]`."""
    inner: Any = table
    for part in place:
        # A mapping and a list say last what is in them.
        inner = get_args(inner)[-1] if get_origin(inner) in (dict, list) else inner.model_fields[part].annotation
        inner = get_args(inner)[0] if get_origin(inner) is Annotated else inner
    return list(inner.model_fields)


def _key(place: Sequence[Any]) -> str:
    return ".".join(f'"{part}"' if "/" in str(part) or "." in str(part) else str(part) for part in place)


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
