"""The part of a very long list that a table keeps at hand."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic

from tui.widgets.row_table import TableRow, Value

PAGE_SIZE = 128
PAGES_KEPT = 32


@dataclass(slots=True)
class _Page(Generic[Value]):
    rows: list[TableRow[Value]]
    version: int


class PageCache(Generic[Value]):
    """Pages of rows by their position in the list, the least recently used ones forgotten first.

    A page is of the `version` of the list that it was read from. One of an older version can still be shown
    until it has been read again: `is_fresh` tells.
    """

    def __init__(self, page_size: int = PAGE_SIZE, pages_kept: int = PAGES_KEPT) -> None:
        self.page_size = page_size
        self.version = 0
        self._pages_kept = pages_kept
        self._pages: OrderedDict[int, _Page[Value]] = OrderedDict()
        self._positions: dict[str, int] = {}

    def get(self, position: int) -> TableRow[Value] | None:
        """The row at a position, None when its page is not at hand."""
        number, place = divmod(position, self.page_size)
        page = self._pages.get(number)
        if page is None:
            return None
        self._pages.move_to_end(number)
        return page.rows[place] if place < len(page.rows) else None

    def position_of(self, key: str) -> int | None:
        """Where the row with this key is, None when it is not at hand."""
        return self._positions.get(key)

    def is_fresh(self, number: int) -> bool:
        """Whether a page is at hand as the list is now."""
        page = self._pages.get(number)
        return page is not None and page.version == self.version

    def put(self, number: int, rows: Sequence[TableRow[Value]], version: int) -> list[int]:
        """Keep a page, read when the list was of `version`; returns the positions where another row is now.

        Rows equal to the ones kept before stay the same objects.
        """
        first = number * self.page_size
        before = [self.get(first + place) for place in range(self.page_size)]
        self._forget(number)
        kept = [old if old is not None and old == new else new for old, new in zip(before, rows, strict=False)]
        self._pages[number] = _Page(kept, version)
        self._positions.update((row.key, first + place) for place, row in enumerate(kept))
        while len(self._pages) > self._pages_kept:
            self._forget(next(iter(self._pages)))
        now = [*kept, *[None] * (self.page_size - len(kept))]
        return [first + place for place in range(self.page_size) if now[place] is not before[place]]

    def replace(self, row: TableRow[Value]) -> int | None:
        """Put a row in the place of the one with its key; returns the position, None when it is not at hand."""
        position = self._positions.get(row.key)
        if position is not None:
            number, place = divmod(position, self.page_size)
            self._pages[number].rows[place] = row
        return position

    def outdate(self) -> None:
        """The list has changed: every page is to be read again before it is trusted."""
        self.version += 1

    def clear(self) -> None:
        """It is another list: forget everything."""
        self.version += 1
        self._pages.clear()
        self._positions.clear()

    def _forget(self, number: int) -> None:
        page = self._pages.pop(number, None)
        first = number * self.page_size
        for place, row in enumerate(page.rows if page else ()):
            if self._positions.get(row.key) == first + place:
                del self._positions[row.key]
