"""The tab with what changed since an earlier run, and with the project's files as this run saw them."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, ClassVar, Literal

from rich.text import Text
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.message import Message
from textual.widgets import Static

from engine.errors import RunroomError
from store.changes import VersionChanges
from store.errors import StoreError
from store.models import Run
from store.paths import RunPaths
from store.text import one_line
from tui import formats, keymap, run_actions, version_actions
from tui.file_text import file_text
from tui.run_view import changes
from tui.run_view.changes import ChangeRow
from tui.run_view.view import RunView
from tui.services import Services
from tui.version_reading import changes_of, files_of, text_of
from tui.version_text import counts_text, diff_text
from tui.widgets.columns import Column
from tui.widgets.row_table import TableRow
from tui.widgets.run.list_pane import ListPane
from tui.widgets.run.table import RunTable

Shown = Literal["previous", "good", "files"]

Act = Callable[[App[Any], Services, Run], Awaitable[None]]
"""Asks, and does something with the version of a run."""

_COLUMNS = (
    Column("kind", "change", 12),
    Column("what", "what", 24, flex=3),
    Column("note", "", 14, flex=2, priority=1),
)


class ChangesPane(ListPane[ChangeRow]):
    """What changed since the run before or since the last good one; or all files, read-only."""

    DEFAULT_CSS = """
    ChangesPane > #against { dock: top; height: 1; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    class Acted(Message):
        """Files or jobs may be others now."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("changes")

    def __init__(self, paths: RunPaths, services: Services) -> None:
        super().__init__(paths, "changes")
        self._services = services
        self._shown: Shown = "previous"
        self._good: VersionChanges | None = None
        self._files: Sequence[ChangeRow] | None = None
        self._trouble = ""
        self._asked: Shown | None = None
        self._opened: str | None = None

    def compose(self) -> ComposeResult:
        """What is compared, above the list and its detail."""
        yield Static(id="against", markup=False)
        yield from super().compose()

    def make_table(self) -> RunTable[ChangeRow]:
        """The list."""
        return RunTable(changes.cells, _COLUMNS)

    def show_rows(self, view: RunView) -> None:
        """Fills the list; what is not read yet is asked for."""
        if self._is_reading and self._asked != self._shown:
            self._asked = self._shown
            self.load(partial(self._load, view.record.run), "versions")
        self.query_one("#against", Static).update(self._against(view), layout=False)
        self.set_rows([TableRow(row.key, row) for row in self._rows(view)])

    def why_empty(self, view: RunView) -> Text | None:
        """While something is read, when it cannot be, and where nothing changed."""
        if self._trouble:
            return Text(self._trouble)
        if self._rows(view):
            return None
        if self._is_reading:
            return Text("Reading what was recorded …", formats.MUTED)
        if self._shown == "files":
            return Text("The project was empty.")
        found = self._changes(view)
        if found is not None:
            return Text(f"Nothing changed since #{found.run}: no file, no setting, no package.")
        if view.record.run.is_active:
            return Text("What changed since the run before appears here once the project has been read.")
        return Text("There is no earlier run of this job to compare with. i shows the files as this run saw them.")

    def show_detail(self) -> None:
        """Shows how the chosen one differs, or what was in the chosen file."""
        row = self.table.cursor_value
        if row is None:
            return
        self.detail.show(Text(one_line(row.what), "bold"), Text(), row.facts)
        if row.file is None:
            self._opened = None
            self.detail.show_sql(Text(), diff_text(row.diff) if row.diff else Text(), Text())
        elif self._opened != row.key:
            self._opened = row.key
            self.load(partial(self._open, row), "file")

    async def _open(self, row: ChangeRow) -> None:
        assert row.file is not None, "only files are opened"
        try:
            text = await text_of(self._services.paths, row.file)
        except RunroomError as error:
            self.detail.show_sql(Text(str(error), formats.BAD), Text(), Text())
            return
        shown = Text("This is no text.", formats.MUTED) if text is None else file_text(row.what, text)
        self.detail.show_sql(Text(), shown, Text())
        self.detail.scroll_home(animate=False)

    # -- what is compared ---------------------------------------------------------------------------------------

    @property
    def _is_reading(self) -> bool:
        return (self._shown == "good" and self._good is None) or (self._shown == "files" and self._files is None)

    def _changes(self, view: RunView) -> VersionChanges | None:
        return self._good if self._shown == "good" else changes.since_previous(view.record)

    def _rows(self, view: RunView) -> Sequence[ChangeRow]:
        if self._shown == "files":
            return self._files or ()
        found = self._changes(view)
        return changes.rows_of(found, view.record.name_of) if found is not None else ()

    def _against(self, view: RunView) -> Text:
        if self._shown == "files":
            return Text(f"the project's files as #{view.record.run.id} saw them", formats.MUTED)
        found = self._changes(view)
        if found is None:
            return Text()
        good = " (the last good run)" if self._shown == "good" else ""
        said = counts_text(found.models)
        return formats.styled(f"since #{found.run}{good}{f': {said}' if said else ''}", formats.MUTED)

    def action_next_base(self) -> None:
        """Compares with the last good run, or with the run before again."""
        self._show_instead("previous" if self._shown == "good" else "good")

    def action_show_files(self) -> None:
        """Shows the files as they were, or what changed again."""
        self._show_instead("previous" if self._shown == "files" else "files")

    def _show_instead(self, shown: Shown) -> None:
        self._shown, self._trouble, self._asked = shown, "", None
        self._show_again()

    def _show_again(self) -> None:
        if self.view is not None:
            self.show(self.view)
            self.take_focus()

    async def _load(self, run: Run) -> None:
        try:
            if self._shown == "files":
                self._files = changes.rows_of_files(await files_of(self._services.paths, run))
            else:
                await self._load_good(run)
        except (RunroomError, StoreError) as error:
            self._trouble = str(error)
        self._show_again()

    async def _load_good(self, run: Run) -> None:
        async with self._services.reads() as reader:
            known = await reader.earlier_run(run.id, good=True)
            good = await reader.run(known.id) if known is not None else None
        if good is None:
            self._trouble = "No run of this job went well before this one. b compares with the run before."
        else:
            self._good = await changes_of(self._services.paths, good, run)

    # -- the page's keys ----------------------------------------------------------------------------------------

    @property
    def arrangement(self) -> tuple[Any, ...]:
        """What is compared, or that it is the files."""
        return (self._shown,)

    @arrangement.setter
    def arrangement(self, arrangement: tuple[Any, ...]) -> None:
        (self._shown,) = arrangement

    def copied(self) -> str | None:
        """How the chosen one differs, else what it is."""
        row = self.table.cursor_value
        return None if row is None else row.diff or row.what

    def chosen_node(self) -> str | None:
        """The chosen model."""
        row = self.table.cursor_value
        return None if row is None else row.model

    def action_restore(self) -> None:
        """Shows what putting the files back would change, asks, and does it."""
        self._act(version_actions.restore_files)

    def action_create_job(self) -> None:
        """Asks for a name and writes a job that always runs this version."""
        self._act(version_actions.create_job)

    def _act(self, act: Act) -> None:
        if self.view is None or run_actions.refused(self.app, self._services):
            return
        self.screen.run_worker(self._acted(act, self.view.record.run), group="act")

    async def _acted(self, act: Act, run: Run) -> None:
        await act(self.app, self._services, run)
        self.post_message(self.Acted())
