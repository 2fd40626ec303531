"""Small files to which entries are added, one JSON object a line: what the record is made of again is in them."""

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

E = TypeVar("E", bound=BaseModel)


def add_entry(file: Path, entry: BaseModel) -> None:
    """Raises OSError."""
    with file.open("a", encoding="utf-8") as lines:
        lines.write(entry.model_dump_json(exclude_none=True) + "\n")


def read_entries(file: Path, kind: type[E]) -> list[E]:
    """In their order; none where there is no file. A line that is torn or unknown is left out."""
    try:
        # Of bytes: in a text, more than the ends of lines would divide it.
        lines = file.read_bytes().splitlines()
    except FileNotFoundError:
        return []
    return [entry for line in lines if (entry := _parsed(line, kind)) is not None]


def _parsed(line: bytes, kind: type[E]) -> E | None:
    try:
        return kind.model_validate_json(line)
    except ValidationError:
        return None
