"""Who did what and when, in the workspace or to one run: the newest first, of any length."""

from collections.abc import Mapping
from typing import Any, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen
from textual.widgets import DataTable, Static

from store.text import one_line
from store.trail import TrailEntry, trail_filter
from tui import formats, keymap, run_actions
from tui.feed import RunsChanged
from tui.journey import Spot
from tui.services import Services
from tui.times import zone_of
from tui.trail_source import TrailSource
from tui.trail_view import COLUMNS, entry_lines, subject, trail_cells, why_empty
from tui.widgets.key_line import KeyLine
from tui.widgets.paged_table import PagedTable
from tui.widgets.run.search_box import SearchBox


class TrailTable(PagedTable[TrailEntry]):
    """The table itself, with the keys of lists."""

    BINDINGS: ClassVar[list[BindingType]] = [keymap.BY_ID["trail.open"].binding(), *keymap.bindings("lists")]


class TrailScreen(Screen[None]):
    """Reads again whenever the feed says that something changed."""

    CSS_PATH = "trail.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [key.binding() for key in keymap.keys_of("trail") if key.id != "trail.open"]
    HELP_SCOPES: ClassVar[tuple[keymap.Scope, ...]] = ("trail", "lists")
    AUTO_FOCUS = "TrailTable"

    def __init__(self, services: Services, text: str = "", first: str | None = None) -> None:
        """`text` is the filter, `#12` for a run; `first` the one that `esc` takes back, where that is another."""
        super().__init__()
        self.services = services
        self._first = text if first is None else first
        self._text = text
        self._source: TrailSource | None = None

    def compose(self) -> ComposeResult:
        """What it is about, the list or why there is none, the chosen action in full, the filter, keys."""
        yield Static(id="title")
        yield TrailTable(self._cells, COLUMNS)
        yield Static(id="trail-empty")
        yield Static(id="chosen")
        yield SearchBox("words, #12 for a run")
        yield KeyLine()

    def on_mount(self) -> None:
        """Reads without making the first paint wait for it."""
        self.query_one(SearchBox).value = self._text
        self._show()

    def spot(self) -> Spot:
        """This list."""
        text, first = self._text, self._first
        return Spot(("trail", first, text), lambda: TrailScreen(self.services, text, first))

    # -- what is shown ------------------------------------------------------------------------------------------

    def on_runs_changed(self, _: RunsChanged) -> None:
        """A nudge: somebody may have done something."""
        self._table.sync()

    def times_changed(self) -> None:
        """Times are shown in another zone."""
        self._table.redraw()
        self._show_chosen()

    @property
    def _table(self) -> TrailTable:
        return self.query_one(TrailTable)

    @property
    def _chosen_run(self) -> int | None:
        entry = self._table.cursor_value if self.is_mounted else None
        return None if entry is None else entry.action.run_id

    def _show(self) -> None:
        wanted = trail_filter(self._text)
        title = Text.assemble(("Who did what", "bold"), (f"   {one_line(subject(wanted))}", formats.MUTED))
        self.query_one("#title", Static).update(title)
        self._say_state(None)
        self._source = source = TrailSource(self.services.reads, wanted, lambda count: self._counted(source, count))
        self._table.show_source(source)
        self.refresh_bindings()

    def _narrow(self, text: str) -> None:
        if text.split() != self._text.split():
            self._text = text
            self._show()

    def _cells(self, entry: TrailEntry) -> Mapping[str, Text]:
        return trail_cells(entry, self.services.clock(), zone_of(self))

    def _say_state(self, sentence: Text | None) -> None:
        """What stands in the place of the list; None while there is one, or nobody knows yet."""
        empty = self.query_one("#trail-empty", Static)
        empty.display = sentence is not None
        self.query_one("#chosen").display = sentence is None
        self._table.set_class(sentence is not None, "-empty")
        if sentence is not None:
            empty.update(sentence)

    def _counted(self, source: TrailSource, count: int) -> None:
        if source is not self._source:
            return
        sentence, hint = why_empty(trail_filter(self._text))
        self._say_state(None if count else Text.assemble(sentence, "\n", (hint, formats.MUTED)))
        self.refresh_bindings()

    @on(PagedTable.SourceFailed)
    def _failed(self, event: PagedTable.SourceFailed) -> None:
        self._say_state(formats.styled(str(event.error), formats.BAD))

    @on(DataTable.RowHighlighted)
    def _show_chosen(self) -> None:
        entry = self._table.cursor_value
        self.query_one("#chosen", Static).update("" if entry is None else entry_lines(entry, zone_of(self)))
        self.refresh_bindings()

    # -- going about ------------------------------------------------------------------------------------------------

    @on(DataTable.RowSelected)
    def _open(self, event: DataTable.RowSelected) -> None:
        event.stop()
        entry = self._table.cursor_value
        if entry is None:
            return
        run_id = entry.action.run_id
        if run_id is None:
            run_actions.notify(self.app, "This was not done to a run.")
        elif entry.run_name is None:
            run_actions.notify(self.app, f"#{run_id} is deleted: only what was done to it is still known.")
        else:
            app: Any = self.app
            app.open_run(run_id)

    def action_filter(self) -> None:
        """Lets the person type what to list."""
        self.query_one(SearchBox).open()

    @on(SearchBox.Typed)
    def _typed(self, event: SearchBox.Typed) -> None:
        self._narrow(event.text)

    @on(SearchBox.Closed)
    def _filter_typed(self, event: SearchBox.Closed) -> None:
        event.box.remove_class("-open")
        self._narrow(event.text)
        self._table.focus()

    def action_only_run(self) -> None:
        """Lists only what was done to the run of the chosen action."""
        if (run_id := self._chosen_run) is not None:
            self._list(f"#{run_id}")

    def action_show_everything(self) -> None:
        """Lists the actions of the whole workspace."""
        self._list("")

    def action_clear(self) -> None:
        """Takes back what was listed at first."""
        self._list(self._first)

    def action_copy(self) -> None:
        """Copies the chosen action with its note."""
        if (entry := self._table.cursor_value) is not None:
            text = entry_lines(entry, zone_of(self)).plain
            self.run_worker(run_actions.copy(self.app, self.services, text), group="act")

    def _list(self, text: str) -> None:
        self.query_one(SearchBox).value = text
        self._narrow(text)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """`esc` takes back what was listed at first; where that is listed, it leaves the page."""
        wanted = {
            "clear": self._text != self._first,
            "show_everything": bool(self._text),
            "only_run": self._chosen_run is not None and trail_filter(self._text).run_id is None,
            "filter": not isinstance(self.focused, SearchBox),
        }
        return wanted[action] if action in wanted else super().check_action(action, parameters)
