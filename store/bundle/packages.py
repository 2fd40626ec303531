"""Which versions a run met beside that of its tool, from its journal."""

from contextlib import suppress
from pathlib import Path

from store.events import PackagesFound, UnknownEvent, UnreadableEvent, parse_event

_MARK = b'"type":"packages"'
_HEAD_OF_A_LINE = 200


def read_packages(journal: Path) -> dict[str, str]:
    """The versions by name, what was told last; empty where the journal is gone or tells of none."""
    found: dict[str, str] = {}
    with suppress(OSError), journal.open("rb") as lines:
        for line in lines:
            if _MARK in line[:_HEAD_OF_A_LINE]:
                found |= _versions(line)
    return found


def _versions(line: bytes) -> dict[str, str]:
    with suppress(UnknownEvent, UnreadableEvent):  # torn, or somebody's text
        event = parse_event(line)
        return event.versions if isinstance(event, PackagesFound) else {}
    return {}
