"""What the app remembers of a person in a workspace from one time to the next: looks, filters, when it was left."""

import asyncio
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path

from engine.errors import UsageError
from store.paths import WorkspacePaths
from tui.activity_filter import KINDS, TABS, ActivityFilter
from tui.filter_text import parse_filter

FILE_NAME = "app.json"


@dataclass(frozen=True, slots=True)
class KeptFilter:
    """A filter of the list of runs as a file keeps it."""

    tab: str = "all"
    kind: str = "all kinds"
    text: str = ""
    newest_first: bool = True

    @classmethod
    def of(cls, chosen: ActivityFilter) -> "KeptFilter":
        """What is kept of a filter."""
        return cls(tab=chosen.tab, kind=chosen.kind, text=chosen.text, newest_first=chosen.newest_first)

    def chosen(self) -> ActivityFilter:
        """The filter again, without what is no longer understood."""
        found = ActivityFilter(
            tab=self.tab if self.tab in TABS else "all",
            kind=self.kind if self.kind in KINDS else "all kinds",
            newest_first=self.newest_first,
        )
        return found.with_text(self.text) if _is_understood(self.text) else found


@dataclass(frozen=True, slots=True)
class Remembered:
    """All of it. `left_at` is when the app was last open, `filter` the one in force then, `saved` those with names."""

    theme: str | None = None
    utc: bool = False
    filter: KeptFilter = KeptFilter()
    saved: Mapping[str, KeptFilter] = field(default_factory=dict)
    left_at: datetime | None = None

    def chosen_filter(self) -> ActivityFilter:
        """The filter that was in force."""
        return self.filter.chosen()

    def with_filter(self, chosen: ActivityFilter) -> "Remembered":
        """The same with another filter in force."""
        return replace(self, filter=KeptFilter.of(chosen))

    def saved_filters(self) -> dict[str, ActivityFilter]:
        """The filters that have a name."""
        return {name: kept.chosen() for name, kept in self.saved.items()}

    def with_saved(self, filters: Mapping[str, ActivityFilter]) -> "Remembered":
        """The same with other filters that have a name."""
        return replace(self, saved={name: KeptFilter.of(each) for name, each in filters.items()})


def _is_understood(text: str) -> bool:
    try:
        parse_filter(text)
    except UsageError:
        return False
    return True


def recall(paths: WorkspacePaths) -> Remembered:
    """What is remembered here; nothing where there is no file, or one that cannot be read. Reads a file."""
    try:
        return _remembered(json.loads((paths.record / FILE_NAME).read_bytes()))
    except (OSError, ValueError):
        # It is a convenience: losing it must not keep anybody from looking at the runs.
        return Remembered()


def _remembered(told: object) -> Remembered:
    """Raises ValueError for what no app has written. By hand: the first picture does not wait for a schema."""
    entries = _object(told)
    theme, left_at = entries.get("theme"), entries.get("left_at")
    if not isinstance(theme, str | None) or not isinstance(left_at, str | None):
        raise ValueError("theme and left_at are texts")
    return Remembered(
        theme=theme,
        utc=entries.get("utc") is True,
        filter=_kept(entries.get("filter", {})),
        saved={name: _kept(each) for name, each in _object(entries.get("saved", {})).items()},
        left_at=None if left_at is None else datetime.fromisoformat(left_at),
    )


def _kept(told: object) -> KeptFilter:
    entries = {**asdict(KeptFilter()), **_object(told)}
    tab, kind, text = entries["tab"], entries["kind"], entries["text"]
    if not (isinstance(tab, str) and isinstance(kind, str) and isinstance(text, str)):
        raise ValueError("tab, kind and text are texts")
    return KeptFilter(tab, kind, text, entries["newest_first"] is not False)


def _object(told: object) -> dict[str, object]:
    if not isinstance(told, dict):
        raise ValueError("this is no object")
    return told


async def remember(paths: WorkspacePaths, remembered: Remembered) -> None:
    """Puts it away. Raises OSError."""
    await asyncio.to_thread(_write, paths.record / FILE_NAME, remembered)


def _write(file: Path, remembered: Remembered) -> None:
    """In one step, so that two apps that write at once leave one of both texts."""
    fresh = file.with_name(f"{file.name}.{os.getpid()}")
    told = asdict(remembered) | {"left_at": remembered.left_at and remembered.left_at.isoformat()}
    fresh.write_text(json.dumps(told), "utf-8")
    fresh.replace(file)
