"""The tab that shows when everything was executed."""

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import DataTable, Static

from store.paths import RunPaths
from tui import keymap
from tui.run_view import timeline_text
from tui.run_view.timeline import Bar, Window, bars_of, whole_window
from tui.run_view.timeline_text import Row
from tui.run_view.view import RunView
from tui.widgets.columns import Column, fit_columns
from tui.widgets.row_table import TableRow
from tui.widgets.run.pane import Found, PanePlace, RunPane, after
from tui.widgets.run.table import RunTable

_COLUMNS = (
    Column("critical", "", 1),
    Column("name", "", 22, flex=1),
    Column("duration", "took", 7, align="right"),
    Column("waited", "waited", 7, align="right", priority=1),
    Column("axis", "", 34, flex=4),
)
_PADDING = 1
_PAUSE = timedelta(seconds=1)
_ZOOM = 0.5
_SHIFT = 0.25


class TimelineTable(RunTable[Row]):
    """The rows of the timeline; left and right move along the axis instead of between columns."""

    BINDINGS: ClassVar[list[BindingType]] = [
        keymap.BY_ID["run.earlier"].binding(),
        keymap.BY_ID["run.later"].binding(),
    ]


class TimelinePane(RunPane):
    """A gantt of models and audits, with the critical path, the waiting, and how much ran at once."""

    DEFAULT_CSS = """
    TimelinePane > Static { height: 1; padding: 0 1; text-wrap: nowrap; }
    TimelinePane > .empty { display: none; height: 1fr; padding: 1 2; text-wrap: wrap; }
    TimelinePane.-empty > * { display: none; }
    TimelinePane.-empty > .empty { display: block; }
    """

    def __init__(self, paths: RunPaths) -> None:
        super().__init__(paths, "timeline")
        self._order: timeline_text.Order = "start"
        self._grouping: timeline_text.Grouping = "flat"
        self._was_on_bar = False
        self._window: Window | None = None
        self._bars: list[Bar] = []
        self._drawn_at = datetime.min.replace(tzinfo=UTC)

    def compose(self) -> ComposeResult:
        """Figures, axis, how much ran at once, bars."""
        yield Static(id="summary", markup=False)
        yield Static(id="axis", markup=False)
        yield Static(id="concurrency", markup=False)
        yield TimelineTable(self._cells, _COLUMNS, show_header=False)
        yield Static(
            "Bars appear here when the first model is executed: when it ran, what it waited for, what decided the "
            "length of the run.",
            classes="empty",
            markup=False,
        )

    def show(self, view: RunView) -> None:
        """Shows the run as it is now; while it goes on at most once a second, as the bars grow anyway."""
        self.view = view
        if not view.record.run.is_active or view.now - self._drawn_at >= _PAUSE:
            self._show_bars(view)

    def _show_bars(self, view: RunView) -> None:
        self.view, self._drawn_at = view, view.now
        self.load(partial(self._work_out, view), "bars")

    async def _work_out(self, view: RunView) -> None:
        # Thousands of bars take a tenth of a second and more: keys do not wait for that.
        self._bars = await asyncio.to_thread(bars_of, view.record, view.now)
        self._show_rows()

    def _show_rows(self) -> None:
        self.set_class(not self._bars, "-empty")
        rows = timeline_text.arranged(self._bars, self._order, self._grouping)
        self._table.set_rows([TableRow(row.key, row) for row in rows])
        self._draw()

    def tick(self, view: RunView) -> None:
        """Bars grow."""
        self._show_bars(view)

    def take_focus(self) -> None:
        """The keys go to the bars."""
        self._table.focus()

    def select(self, key: str) -> None:
        """Puts the cursor on a bar."""
        self._table.select_key(key)

    def place(self) -> PanePlace:
        """Cursor, scrolling, order, and the stretch of time in view."""
        return PanePlace(
            self._table.cursor_key, self._table.scroll_y, False, (self._order, self._grouping, self._window)
        )

    def come_back(self, place: PanePlace) -> None:
        """Makes it as it was."""
        self._order, self._grouping, self._window = place.arrangement
        if place.cursor is not None:
            self._table.come_back(place.cursor, place.scroll)

    @property
    def order(self) -> str:
        """What the bars are sorted by."""
        return self._order

    def next_order(self) -> None:
        """By start, the slowest first, or what waited longest first."""
        self._order = after(timeline_text.ORDERS, self._order)
        self._show_rows()
        self._table.move_cursor(row=0)

    def next_grouping(self) -> None:
        """All together, or by thread."""
        self._grouping = after(timeline_text.GROUPINGS, self._grouping)
        self._show_rows()

    def zoom(self, direction: int) -> None:
        """Looks closer at the chosen bar (1), further (-1), or at all of it (0)."""
        if not self._bars:
            return
        if direction:
            factor = _ZOOM if direction > 0 else 1 / _ZOOM
            window = self._shown.zoomed(factor, self._whole)
            if direction > 0 and isinstance(bar := self._table.cursor_value, Bar):
                window = window.centred(bar.started_at + (bar.ended_at - bar.started_at) / 2, self._whole)
            self._window = None if window == self._whole else window
        else:
            self._window = None
        self._draw()

    def shift(self, direction: int) -> None:
        """Looks earlier (-1) or later (1)."""
        if self._window is not None:
            self._window = self._window.shifted(_SHIFT * direction, self._whole)
            self._draw()

    def copied(self) -> str | None:
        """The unique name of what the cursor is on."""
        return self.chosen_node()

    def chosen_node(self) -> str | None:
        """The unique name of the model or audit that the cursor is on."""
        row = self._table.cursor_value
        return row.node if isinstance(row, Bar) else None

    def on_data_table_row_highlighted(self, event: DataTable.RowHighlighted) -> None:
        """The heading of a thread has fewer keys than a bar."""
        event.stop()
        is_on_bar = self.chosen_node() is not None
        if is_on_bar != self._was_on_bar:
            self._was_on_bar = is_on_bar
            self.refresh_bindings()

    def on_resize(self) -> None:
        """The axis gets what the names leave."""
        self.call_after_refresh(self._draw)

    def on_data_table_row_selected(self, event: DataTable.RowSelected) -> None:
        """`enter` goes to the model or audit itself."""
        event.stop()
        row = self._table.cursor_value
        if isinstance(row, Bar):
            self.post_message(Found(f"{row.kind}s", row.key))

    @property
    def _table(self) -> TimelineTable:
        return self.query_one(TimelineTable)

    @property
    def _whole(self) -> Window:
        assert self.view is not None, "asked for only while there are bars"
        return whole_window(self._bars, self.view.record, self.view.now)

    @property
    def _shown(self) -> Window:
        return self._window or self._whole

    @property
    def _axis(self) -> tuple[int, int]:
        """Where the axis begins, and how wide it is."""
        fitted = fit_columns(_COLUMNS, self._table.scrollable_content_region.width, 2 * _PADDING)
        *before, axis = fitted
        return sum(column.width + 2 * _PADDING for column in before), axis.width

    def _draw(self) -> None:
        if self.view is None or not self._bars:
            return
        left, width = self._axis
        margin = Text(" " * left)
        self._put("summary", timeline_text.summary_line(self._bars, self._whole))
        self._put("axis", margin + timeline_text.axis_line(self._shown, width, self.view.zone))
        self._put("concurrency", margin + timeline_text.concurrency_line(self._bars, self._shown, width))
        self._table.redraw()

    def _put(self, part: str, text: Text) -> None:
        self.query_one(f"#{part}", Static).update(text, layout=False)

    def _cells(self, row: Row) -> dict[str, Text]:
        return timeline_text.cells(row, self._shown, self._axis[1]) if self._bars else {}
