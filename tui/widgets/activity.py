"""Recent activity: plans and runs of a place in a table, active ones on top and live, with their filter."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Static

from engine.errors import UsageError
from store.errors import StoreError
from store.models import Job, Run
from tui import activity, formats, keymap
from tui.activity_filter import ActivityFilter
from tui.activity_source import ActivitySource, OldestFirst
from tui.app_reads import unreadable
from tui.feed import RunsChanged
from tui.filter_text import Names, without_bare_prefix
from tui.listed_runs import ListedRun
from tui.marks import Marks, all_within
from tui.overview import EVERYWHERE, Place
from tui.run_actions import notify_error
from tui.services import Services
from tui.times import zone_of
from tui.upcoming import upcoming
from tui.widgets.activity_bar import ActivityBar
from tui.widgets.filter_box import FilterBox
from tui.widgets.paged_table import PagedTable
from tui.widgets.upcoming_rows import UpcomingRows

_TYPING_PAUSE_S = 0.15
_TALL = 30
_NOTHING_RAN = ("Nothing ran here yet.", "R starts a job")
_NO_MATCH = ("No run is like that.", "esc shows all")


class ActivityTable(PagedTable[ListedRun]):
    """The table itself, with the keys of lists."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("activity", "lists")


class Activity(Vertical):
    """Tells with `Chosen` that a run is to be opened, and with `FilterChanged` that the list was narrowed otherwise."""

    class Chosen(Message):
        """A run is to be opened."""

        def __init__(self, run_id: int) -> None:
            super().__init__()
            self.run_id = run_id

    class FilterChanged(Message):
        """The list is narrowed otherwise."""

        def __init__(self, chosen: ActivityFilter) -> None:
            super().__init__()
            self.chosen = chosen

    class MarksChanged(Message):
        """Other runs are marked."""

    def __init__(self, services: Services, chosen: ActivityFilter | None = None) -> None:
        super().__init__(id="activity")
        self._services = services
        self._place = EVERYWHERE
        self.marks = Marks()
        self.chosen = chosen or ActivityFilter()
        self._source: ActivitySource | OldestFirst | None = None
        self._typed: asyncio.TimerHandle | None = None
        self._names: Names = {}
        self._jobs: Sequence[Job] = ()

    def compose(self) -> ComposeResult:
        """Tabs, the filter box while it is typed in, the table, or what stands in its place."""
        yield ActivityBar()
        yield FilterBox()
        yield UpcomingRows(self._services, activity.columns_for(self._place))
        yield ActivityTable(self._cells, activity.columns_for(self._place), id="activity-table")
        yield Static(id="activity-empty")

    def on_mount(self) -> None:
        """The box shows only while something is typed."""
        self.query_one(FilterBox).display = False
        self._show_in_place_of_rows(False)
        self.query_one(ActivityBar).show(self.chosen)

    # What the page uses

    @property
    def table(self) -> ActivityTable:
        """The table."""
        return self.query_one(ActivityTable)

    @property
    def run_under_cursor(self) -> Run | None:
        """The run that actions are about."""
        listed = self.table.cursor_value
        return None if listed is None else listed.run

    def show_place(self, place: Place, last_id: int) -> None:
        """Lists the runs of a place; run numbers go up to `last_id`."""
        self.table.set_columns(activity.columns_for(place, last_id))
        self.query_one(UpcomingRows).set_columns(activity.columns_for(place, last_id))
        if place != self._place or self._source is None:
            self._place = place
            self._show_source()

    def show_upcoming(self, jobs: Sequence[Job]) -> None:
        """Lists also when these start next, where there may be what is yet to come."""
        self._jobs = jobs
        low = self.app.size.height < _TALL
        fires = upcoming(jobs, self.chosen, self._place, self._services.clock(), low)
        self.query_one(UpcomingRows).show(fires)
        self.table.show_header = not fires

    @property
    def is_unreadable(self) -> bool:
        """Whether the list stands empty because it could not be read."""
        return self.table.has_failed

    def read_again(self) -> None:
        """Reads the list again, as where that failed."""
        self._show_in_place_of_rows(False)
        self.table.reload()

    def runs_changed(self, event: RunsChanged) -> None:
        """Reads again what may be another: single rows while they only go on, else the list."""
        if self._source is None:
            return
        if event.everything or not event.runs <= self._source.active:
            self.table.sync()
            return
        for run_id in event.runs:
            self.table.refresh_row(str(run_id))

    def tick(self, whole_minute: bool) -> None:
        """A second has passed: durations of active runs have grown, and each minute all relative times."""
        if whole_minute:
            self.table.redraw()
        for run_id in self._source.active if self._source is not None else ():
            self.table.refresh_row(str(run_id))

    def narrow(self, chosen: ActivityFilter) -> None:
        """Lists what another filter lets through."""
        if chosen == self.chosen:
            return
        self.chosen = chosen
        self.query_one(ActivityBar).show(chosen)
        self._show_source()
        self.show_upcoming(self._jobs)
        self.post_message(self.FilterChanged(chosen))

    def toggle_mark(self) -> None:
        """Marks the run under the cursor, or no longer, and goes on to the next."""
        if (run := self.run_under_cursor) is not None:
            self.marks.toggle(run.id)
            self.table.action_cursor_down()
            self._show_marks()

    def mark_all(self) -> None:
        """Marks all runs that the filter lets through."""
        self.run_worker(self._mark_all(), group="mark", exclusive=True)

    def clear_marks(self) -> None:
        """Marks none."""
        self.marks.clear()
        self._show_marks()

    def open_filter(self, names: Names) -> None:
        """Lets the person type a filter; `names` complete it."""
        self._names = names
        box = self.query_one(FilterBox)
        self.query_one(ActivityBar).display = False
        box.display = True
        box.open(self.chosen.text, names)

    # Inside

    def _cells(self, listed: ListedRun) -> Mapping[str, Text]:
        return activity.run_cells(listed, self._services.clock(), zone_of(self), listed.run.id in self.marks)

    async def _mark_all(self) -> None:
        try:
            async with self._services.reads() as reader:
                self.marks.mark(await all_within(reader, self.chosen.at(self._place)))
        except StoreError as error:
            notify_error(self.app, str(error))
            return
        self._show_marks()

    def _show_marks(self) -> None:
        self.table.redraw()
        self.post_message(self.MarksChanged())

    def _show_source(self) -> None:
        wanted = self.chosen.at(self._place)
        kind = ActivitySource if self.chosen.newest_first else OldestFirst
        self._show_in_place_of_rows(False)
        self._source = source = kind(self._services.reads, wanted, lambda count: self._counted(source, count))
        self.table.show_source(source)

    def _counted(self, source: ActivitySource | OldestFirst, count: int) -> None:
        if source is not self._source:
            return
        self._show_in_place_of_rows(not count)
        if not count:
            sentence, hint = _NO_MATCH if self.chosen.narrows else _NOTHING_RAN
            self.query_one("#activity-empty", Static).update(Text.assemble(sentence, "  ", (hint, formats.MUTED)))

    @on(PagedTable.SourceFailed)
    def _failed(self, event: PagedTable.SourceFailed) -> None:
        self.query_one("#activity-empty", Static).update(formats.styled(unreadable(event.error), formats.BAD))
        self._show_in_place_of_rows(True)

    def _show_in_place_of_rows(self, shown: bool) -> None:
        self.query_one("#activity-empty").display = shown
        self.set_class(shown, "-empty")

    @on(ActivityTable.RowSelected)
    def _selected(self, event: ActivityTable.RowSelected) -> None:
        event.stop()
        if event.row_key.value is not None:
            self.post_message(self.Chosen(int(event.row_key.value)))

    @on(FilterBox.Typed)
    def _on_typed(self, event: FilterBox.Typed) -> None:
        """Waits for the end of a word rather than reading the list for every letter."""
        self._forget_typed()
        loop = asyncio.get_running_loop()
        self._typed = loop.call_later(_TYPING_PAUSE_S, self._filter_by, event.text)

    def _forget_typed(self) -> None:
        if self._typed is not None:
            self._typed.cancel()
            self._typed = None

    def _filter_by(self, text: str) -> None:
        self._typed = None
        try:
            self.narrow(self.chosen.with_text(without_bare_prefix(text), self._names))
        except UsageError:
            return  # Half a word; `enter` says what is wrong with it.

    @on(FilterBox.Closed)
    def _close_filter(self) -> None:
        self._forget_typed()
        box = self.query_one(FilterBox)
        try:
            self.narrow(self.chosen.with_text(box.value, self._names))
        except UsageError as error:
            notify_error(self.app, str(error))
            return
        box.display = False
        self.query_one(ActivityBar).display = True
        self.table.focus()
