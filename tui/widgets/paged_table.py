"""A table over a list of any length, of which only the pages in view are read."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any, Protocol

from rich.text import Text
from textual import events
from textual.coordinate import Coordinate
from textual.message import Message
from textual.widgets import DataTable
from textual.worker import Worker, WorkerState

from tui.widgets.columns import Column
from tui.widgets.page_cache import PAGE_SIZE, PageCache
from tui.widgets.row_table import RowTable, TableRow, Value


class RowSource(Protocol[Value]):
    """A list of rows that is read by position.

    Positions count from 0, and new rows are added at the end: then the positions of the others, and with them
    the pages that were read, stay valid. A table shows the end of the list on top unless told otherwise.
    """

    async def count(self) -> int:
        """How many rows there are."""

    async def page(self, first: int, size: int) -> Sequence[TableRow[Value]]:
        """Rows from the position `first`, at most `size` of them."""

    async def row(self, key: str) -> TableRow[Value] | None:
        """The present state of one row; None when the list has it no more."""

    async def position(self, key: str) -> int | None:
        """Where a row is; None when the list has it no more."""


class PagedTable(RowTable[Value]):
    """Shows a `RowSource`. Reading happens beside the event loop's other work; unread rows are placeholders.

    The cursor stays on its row when rows are added or the list changes. Reads that fail are told by `SourceFailed`
    and tried again at the next `sync` or `reload`.
    """

    class SourceFailed(Message):
        """Reading the source failed."""

        def __init__(self, table: "PagedTable[Any]", error: BaseException) -> None:
            super().__init__()
            self.table = table
            self.error = error

        @property
        def control(self) -> "PagedTable[Any]":
            """The table whose source it is."""
            return self.table

    class CountChanged(Message):
        """The number of rows is known, or known to be another."""

        def __init__(self, table: "PagedTable[Any]", count: int) -> None:
            super().__init__()
            self.table = table
            self.count = count

        @property
        def control(self) -> "PagedTable[Any]":
            """The table whose rows they are."""
            return self.table

    def __init__(
        self,
        cells: Callable[[Value], Mapping[str, Text]],
        columns: Sequence[Column],
        *,
        last_on_top: bool = True,
        page_size: int = PAGE_SIZE,
        show_header: bool = True,
        zebra_stripes: bool = False,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        self._source: RowSource[Value] | None = None
        self._last_on_top = last_on_top
        self._cache: PageCache[Value] = PageCache(page_size)
        self._count = 0
        self._count_is_stale = False
        self._is_new_list = True
        self._stale_keys: dict[str, None] = {}
        self._cursor_at: str | None = None
        self._sought_key: str | None = None
        self._sought_last: tuple[str, int] | None = None
        self._reading: Worker[None] | None = None
        self._failed = False
        super().__init__(
            cells, columns, show_header=show_header, zebra_stripes=zebra_stripes, name=name, id=id, classes=classes
        )

    # What owners use

    @property
    def row_count(self) -> int:
        """How many rows there are, as far as is known."""
        return self._count

    @property
    def has_failed(self) -> bool:
        """Whether the source could not be read when it was last tried."""
        return self._failed

    def row_at(self, index: int) -> TableRow[Value] | None:
        """The row at an index from 0, counted from the top; None while it has not been read."""
        return self._cache.get(self._turn(index))

    def index_of(self, key: str) -> int | None:
        """Where the row with this key is; None when it is not among the rows that were read lately."""
        position = self._cache.position_of(key)
        return None if position is None else self._turn(position)

    def show_source(self, source: RowSource[Value]) -> None:
        """Show another source, from its top."""
        self._source = source
        self._cursor_at = None
        self._count = 0
        self.set_reactive(DataTable.cursor_coordinate, Coordinate(0, 0))
        self.scroll_to(y=0, animate=False, force=True)
        self._row_count_changed()
        self.reload()

    def reload(self) -> None:
        """Read everything again, as after a change of the filter; the cursor stays on its row if it is still there."""
        self._cache.clear()
        self._stale_keys.clear()
        self._sought_key = self._cursor_at
        self._is_new_list = self._count_is_stale = True
        self._read_what_is_missing()

    def sync(self) -> None:
        """Look for new rows and changes: read the number of rows and the pages in view again."""
        self._cache.outdate()
        self._count_is_stale = True
        self._read_what_is_missing()

    def refresh_row(self, row_index: int | str) -> "PagedTable[Value]":
        """Read one row again, given by its key, and draw it if it is another; an index only draws it."""
        if isinstance(row_index, int):
            super().refresh_row(row_index)
        elif self._cache.position_of(row_index) is not None:
            self._stale_keys[row_index] = None
            self._read_what_is_missing()
        return self

    def select_key(self, key: str) -> None:
        """Move the cursor to the row with this key as soon as its place is known, if the list has it."""
        self._sought_key = key
        self._read_what_is_missing()

    # Positions count from the oldest row, indexes from the top of the screen

    def _turn(self, number: int) -> int:
        return self._count - 1 - number if self._last_on_top else number

    # Reading

    def _read_what_is_missing(self) -> None:
        self._failed = False
        self._continue_reading()

    def _continue_reading(self) -> None:
        idle = self._reading is None or self._reading.is_finished
        if idle and not self._failed and self.is_running and self._next_read() is not None:
            self._reading = self.run_worker(self._read(), name="table rows", exit_on_error=False)

    async def _read(self) -> None:
        while (read := self._next_read()) is not None:
            await read()

    def _next_read(self) -> Callable[[], Coroutine[None, None, None]] | None:
        """What to read first: one thing at a time, chosen by what is in view now and not when it was asked for."""
        if self._source is None:
            return None
        if self._count_is_stale:
            return self._read_count
        if self._sought_key is not None:
            return self._seek
        if self._missing_page() is not None:
            return self._read_page
        return self._read_row if self._stale_keys else None

    def _missing_page(self) -> int | None:
        positions = sorted(map(self._turn, self._rows_in_view()))
        if not positions:
            return None
        pages = range(positions[0] // self._cache.page_size, positions[-1] // self._cache.page_size + 1)
        return next((page for page in pages if not self._cache.is_fresh(page)), None)

    async def _read_count(self) -> None:
        assert self._source is not None
        source = self._source
        self._count_is_stale = False
        count = await source.count()
        if source is self._source:
            self._set_count(count)

    async def _seek(self) -> None:
        """Put the cursor where the sought row is now."""
        assert self._source is not None
        assert self._sought_key is not None
        source, key = self._source, self._sought_key
        position = await source.position(key)
        if source is not self._source or key != self._sought_key:
            return
        self._sought_key, self._sought_last = None, (key, self._cache.version)
        if position is not None and position < self._count:
            self._cursor_at = key
            self._follow_row(self._turn(position))
            self.call_after_refresh(self._scroll_cursor_into_view)
        self._settle_cursor()

    async def _read_page(self) -> None:
        assert self._source is not None
        number = self._missing_page()
        assert number is not None
        source, version = self._source, self._cache.version
        rows = await source.page(number * self._cache.page_size, self._cache.page_size)
        if source is not self._source or version != self._cache.version:
            return
        self._rows_changed(map(self._turn, self._cache.put(number, rows, version)))
        self._settle_cursor()

    async def _read_row(self) -> None:
        assert self._source is not None
        source, key = self._source, next(iter(self._stale_keys))
        del self._stale_keys[key]
        row = await source.row(key)
        if source is not self._source:
            return
        if row is None:
            self.sync()
        elif (position := self._cache.replace(row)) is not None:
            self._rows_changed([self._turn(position)])

    def _set_count(self, count: int) -> None:
        before, self._count = self._count, count
        added = count - before
        if added > 0 and before and self._last_on_top and not self._is_new_list:
            self._follow_row(self.cursor_row + added)
        elif self.cursor_row >= count:
            self._follow_row(max(0, count - 1))
        self._is_new_list = False
        self._row_count_changed()
        if added:
            self.post_message(self.CountChanged(self, count))

    def _settle_cursor(self) -> None:
        """When another row has come under the cursor: go after the cursor's own, or tell that it is gone."""
        key = self.cursor_key
        if key is None or key == self._cursor_at:
            return
        if self._cursor_at is None or self._sought_last == (self._cursor_at, self._cache.version):
            self._highlight_row(self.cursor_row)
        else:
            self._sought_key = self._cursor_at

    # Textual's own ways

    def _highlight_row(self, row_index: int) -> None:
        super()._highlight_row(row_index)
        row = self.row_at(row_index) if self.is_valid_row_index(row_index) else None
        self._cursor_at = None if row is None else row.key
        self._sought_key = None

    def on_mount(self) -> None:
        """Read what came before the table was on the screen."""
        super().on_mount()  # type: ignore[no-untyped-call]
        self._continue_reading()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Read the rows that came into view."""
        super().watch_scroll_y(old_value, new_value)
        self._continue_reading()

    def _on_resize(self, event: events.Resize) -> None:
        super()._on_resize(event)
        self._continue_reading()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Tell the owner when reading failed."""
        if event.worker is self._reading and event.state is WorkerState.ERROR and event.worker.error is not None:
            event.stop()
            self._failed = True
            self.post_message(self.SourceFailed(self, event.worker.error))
