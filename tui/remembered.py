"""What the app remembers of a person in a workspace from one time to the next: looks, filters, when it was left."""

import asyncio
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from engine.errors import UsageError
from store.paths import WorkspacePaths
from tui.activity_filter import KINDS, TABS, ActivityFilter
from tui.filter_text import parse_filter

FILE_NAME = "app.json"


class KeptFilter(BaseModel):
    """A filter of the list of runs as a file keeps it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

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


class Remembered(BaseModel):
    """All of it. `left_at` is when the app was last open, `filter` the one in force then, `saved` those with names."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    theme: str | None = None
    utc: bool = False
    filter: KeptFilter = KeptFilter()
    saved: dict[str, KeptFilter] = {}
    left_at: datetime | None = None

    def chosen_filter(self) -> ActivityFilter:
        """The filter that was in force."""
        return self.filter.chosen()

    def with_filter(self, chosen: ActivityFilter) -> "Remembered":
        """The same with another filter in force."""
        return self.model_copy(update={"filter": KeptFilter.of(chosen)})

    def saved_filters(self) -> dict[str, ActivityFilter]:
        """The filters that have a name."""
        return {name: kept.chosen() for name, kept in self.saved.items()}

    def with_saved(self, filters: Mapping[str, ActivityFilter]) -> "Remembered":
        """The same with other filters that have a name."""
        return self.model_copy(update={"saved": {name: KeptFilter.of(each) for name, each in filters.items()}})


def _is_understood(text: str) -> bool:
    try:
        parse_filter(text)
    except UsageError:
        return False
    return True


def recall(paths: WorkspacePaths) -> Remembered:
    """What is remembered here; nothing where there is no file, or one that cannot be read. Reads a file."""
    try:
        return Remembered.model_validate_json((paths.record / FILE_NAME).read_bytes())
    except (OSError, ValidationError):
        # It is a convenience: losing it must not keep anybody from looking at the runs.
        return Remembered()


async def remember(paths: WorkspacePaths, remembered: Remembered) -> None:
    """Puts it away. Raises OSError."""
    await asyncio.to_thread(_write, paths.record / FILE_NAME, remembered)


def _write(file: Path, remembered: Remembered) -> None:
    """In one step, so that two apps that write at once leave one of both texts."""
    fresh = file.with_name(f"{file.name}.{os.getpid()}")
    fresh.write_text(remembered.model_dump_json(exclude_defaults=True), "utf-8")
    fresh.replace(file)
