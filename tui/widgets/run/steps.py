"""The tab with the steps of the run and what they said."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import DataTable

from store import wording
from store.logs.log_file import FileUnreadable
from store.models import Step
from store.paths import RunPaths
from store.run_record import step_key
from store.status import StepStatus
from store.text import one_line
from tui import keymap
from tui.clipboard import copy_text
from tui.log.first_error import first_error
from tui.log.joined import JoinedLog, LogPart
from tui.run_view import steps
from tui.run_view.view import RunView
from tui.search.place import LogPlace
from tui.widgets.columns import Column
from tui.widgets.log_pane import LogPane
from tui.widgets.log_view import LogView
from tui.widgets.row_table import TableRow
from tui.widgets.run.pane import RunPane
from tui.widgets.run.table import RunTable

_COLUMNS = (
    Column("status", "", 1),
    Column("position", "", 2, align="right", priority=3),
    Column("name", "step", 12, flex=1),
    Column("duration", "took", 7, align="right"),
    Column("exit", "", 9, priority=1),
    Column("command", "command", 20, flex=3, priority=2),
)
_MOST_STEPS_IN_VIEW = 6
_CONTEXT_OF_NODE = 2
_NO_STEPS = "Steps appear here when the run begins: checkout, deps, build, …, each with its log."
_LINES_ABOVE_PLACE = 3
_NO_LOG = "This step wrote no log yet: what it says appears here as it is said."


class StepsPane(RunPane):
    """The steps on top, below them the log of the chosen one, or of all of them as one, followed live.

    At first the step is chosen that matters: what failed, what runs, or what came last. It stays the one that matters
    until somebody chooses another.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        keymap.BY_ID["log_lines.full"].binding(),
        *keymap.bindings("steps"),
    ]
    DEFAULT_CSS = """
    StepsPane > RunTable { height: auto; }
    StepsPane > LogPane { border-top: solid $secondary-muted; }
    StepsPane > LogPane:focus-within { border-top: solid $accent; }
    StepsPane LogView { padding: 0 1; }
    StepsPane.-zoomed > RunTable, StepsPane.-full > RunTable { display: none; }
    """

    def __init__(self, paths: RunPaths) -> None:
        super().__init__(paths, "steps")
        self._chosen_by_hand = False
        self._is_whole = False

    def compose(self) -> ComposeResult:
        """Steps and log."""
        yield RunTable(self._cells, _COLUMNS)
        yield LogPane(empty=_NO_STEPS)

    def show(self, view: RunView) -> None:
        """Shows the run as it is now."""
        self.view = view
        self._log.set_live(view.record.run.is_active)
        rows = [TableRow(step_key(step), step) for step in view.record.steps]
        self._table.styles.height = min(len(rows), _MOST_STEPS_IN_VIEW) + 1
        with self.prevent(DataTable.RowHighlighted):
            self._table.set_rows(rows)
        self._table.redraw()
        matters = steps.step_to_show(view.record.steps)
        if matters is not None and not self._chosen_by_hand and self._table.cursor_key != step_key(matters):
            self._go_to_step(step_key(matters))
        self._show_log()

    def tick(self, view: RunView) -> None:
        """Durations count."""
        super().tick(view)
        self._table.redraw()

    def take_focus(self) -> None:
        """The keys go to the log where there is one: it is what one came for."""
        (self._log if self.detail_is_open or self._log.log_shown is not None else self._table).focus()

    def select(self, key: str) -> None:
        """Shows the log of a step."""
        self._chosen_by_hand, self._is_whole = True, False
        self._go_to_step(key)
        self._show_log()

    def show_lines_about(self, name: str, step: Step) -> None:
        """Shows the lines of a step's log that name a model or audit, with some around; `esc` shows all lines."""
        self.select(step_key(step))
        self._log.show(self._log_path(step), follow=False)
        self._log.change_modes(replace(self._log.modes, node=name, context=_CONTEXT_OF_NODE))
        self._log.focus()

    def open_log_place(self, place: LogPlace) -> None:
        """Shows the line of a place, and what was searched for in all others; nothing where the log is no step's."""
        found = [] if self.view is None else [step for step in self.view.record.steps if step.log == place.log]
        for step in found:
            self.select(step_key(step))
            self._log.search_for(place.wanted)
            self._log.act(lambda reading: reading.show_found(place.offset, _LINES_ABOVE_PLACE))
            self._log.focus()

    def action_whole_run(self) -> None:
        """Shows the logs of all steps as one, or that of the chosen step."""
        self._is_whole = not self._is_whole
        self._show_log()
        self._log.focus()

    def open_detail(self) -> None:
        """Gives the log the whole pane."""
        self.add_class("-zoomed")
        self._log.focus()

    def close_detail(self) -> None:
        """A step back: out of the full screen, to the steps."""
        if self.has_class("-full"):
            self._set_full(False)
            return
        self.remove_class("-zoomed")
        self._table.focus()

    @property
    def detail_is_open(self) -> bool:
        """Whether the log has the whole pane, or the whole screen."""
        return self.has_class("-zoomed") or self.has_class("-full")

    @on(LogPane.FullAsked)
    def action_toggle_full(self) -> None:
        """The log alone on the screen, or as before."""
        self._set_full(not self.has_class("-full"))
        self._log.focus()

    def _set_full(self, is_full: bool) -> None:
        for part in (self, self.screen):
            part.set_class(is_full, "-full")
        self.refresh_bindings()

    def on_hide(self) -> None:
        """Another tab needs the head of the page."""
        self._set_full(False)

    def copied(self) -> str | None:
        """The chosen step's command."""
        step = self._table.cursor_value
        return None if step is None else steps.command_line(step)

    def file_to_save(self) -> str | None:
        """The log of the chosen step."""
        step = self._table.cursor_value
        return None if step is None else step.log

    def search(self) -> bool:
        """Asks what to search the log for."""
        self.query_one(LogPane).search()
        return True

    @on(LogPane.Copied)
    async def _lines_copied(self, event: LogPane.Copied) -> None:
        event.stop()
        try:
            path = await copy_text(self.app, event.text, self.paths.folder.parents[1])
        except OSError as error:
            said = f"Sent to the terminal's clipboard; no copy in a file: {error.strerror}."
            self.notify(said, severity="error", markup=False)
            return
        self.notify(f"Copied {wording.counted(event.lines, 'line')}; also in {path}.", markup=False)

    @on(DataTable.RowHighlighted)
    def _step_chosen(self, event: DataTable.RowHighlighted) -> None:
        event.stop()
        self._chosen_by_hand, self._is_whole = True, False
        self._show_log()

    @on(DataTable.RowSelected)
    def _step_opened(self, event: DataTable.RowSelected) -> None:
        event.stop()
        self.open_detail()

    @property
    def _table(self) -> RunTable[Step]:
        return self.query_one(RunTable)

    @property
    def _log(self) -> LogView:
        return self.query_one(LogView)

    def _go_to_step(self, key: str) -> None:
        with self.prevent(DataTable.RowHighlighted):
            self._table.select_key(key)

    def _show_log(self) -> None:
        step = self._table.cursor_value
        self.query_one(LogPane).border_title = (
            "all steps" if self._is_whole else None if step is None else one_line(step.name)
        )
        if self._is_whole:
            self._show_whole([] if self.view is None else self.view.record.steps)
        elif self._log.log_shown is None or self._log_path(step) != self._log.log_shown.path():
            self._log.show(path := self._log_path(step), empty=_NO_LOG if step is not None else _NO_STEPS)
            if step is not None and step.status is StepStatus.FAILED and path is not None:
                self.load(partial(self._go_to_first_error, path), "cause")

    async def _go_to_first_error(self, path: Path) -> None:
        """Unless somebody went elsewhere meanwhile. A log without errors stays at its end."""
        try:
            start = await first_error(path)
        except FileUnreadable:
            return  # the log itself says so
        reading = self._log.reading
        is_as_opened = reading is not None and reading.following and reading.log.path() == path
        if start is not None and is_as_opened:
            self._log.act(lambda reading: reading.show_found(start, _LINES_ABOVE_PLACE))

    def _show_whole(self, found: Sequence[Step]) -> None:
        parts = tuple(LogPart(_title(step), path) for step in found if (path := self._log_path(step)) is not None)
        shown = self._log.log_shown
        if isinstance(shown, JoinedLog):
            shown.parts = parts
        else:
            self._log.show(JoinedLog(f"run-{self.paths.folder.name}.log", parts), empty=_NO_STEPS)

    def _log_path(self, step: Step | None) -> Path | None:
        # A log's path is the worker's own word, not the tool's.
        return self.paths.folder / step.log if step is not None and step.log is not None else None

    def _cells(self, step: Step) -> dict[str, Text]:
        return {} if self.view is None else steps.cells(step, self.view.now)


def _title(step: Step) -> str:
    return f"{step.position} {one_line(step.name)}"
