"""The tab with the files that the run left."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.events import Resize
from textual.widgets import DataTable, Static

from store.errors import StoreError
from store.models import Artifact
from store.paths import RunPaths
from store.run_file import RunFileError, run_file
from store.text import one_line
from tui import formats
from tui.run_view import artifacts
from tui.run_view.artifacts import FileRow, FolderRow, Row
from tui.run_view.view import RunView
from tui.widgets.code_view import CodeView
from tui.widgets.columns import Column, fit_columns
from tui.widgets.row_table import TableRow
from tui.widgets.run.list_pane import WIDE
from tui.widgets.run.pane import PanePlace, RunPane
from tui.widgets.run.search_box import SearchBox
from tui.widgets.run.table import DetailTable, RunTable
from tui.widgets.searched import Searched

ArtifactsOf = Callable[[], Awaitable[Sequence[Artifact]]]

_COLUMNS = (
    Column("name", "file", 60, flex=1),
    Column("kind", "kind", 12, priority=1),
    Column("size", "size", 9, align="right"),
)
_NO_FILE = "Choose a file to read it here; enter gives it the whole page."


class ArtifactsPane(RunPane):
    """Every file of the run, as a list or as a tree, with the chosen one in a viewer."""

    DEFAULT_CSS = """
    ArtifactsPane > #files { height: 1fr; }
    ArtifactsPane > #viewer { height: 50%; border-top: solid $secondary-muted; }
    ArtifactsPane #viewer > Static { height: 1; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis; }
    ArtifactsPane #viewer CodeView { height: 1fr; padding: 0 1; }
    ArtifactsPane.-wide { layout: horizontal; }
    ArtifactsPane.-wide > #files { width: 40%; }
    ArtifactsPane.-wide > #viewer { width: 1fr; height: 1fr; border-top: none; border-left: solid $secondary-muted; }
    ArtifactsPane.-zoomed > #files { display: none; }
    ArtifactsPane.-zoomed > #viewer { width: 1fr; height: 1fr; border: none; }
    ArtifactsPane .empty { display: none; padding: 1 2; }
    ArtifactsPane.-empty .empty { display: block; }
    ArtifactsPane.-empty RunTable { display: none; }
    """

    def __init__(self, paths: RunPaths, artifacts_of: ArtifactsOf) -> None:
        """`artifacts_of` asks the record which files there are."""
        super().__init__(paths, "artifacts")
        self._artifacts_of = artifacts_of
        self._artifacts: Sequence[Artifact] = ()
        self._searched = ""
        self._as_tree = False
        self._shut: frozenset[str] = frozenset()
        self._viewed: str | None = None
        self._change = -1
        self._trouble = ""

    def compose(self) -> ComposeResult:
        """List and search at one side, the viewer at the other."""
        with Vertical(id="files"):
            yield SearchBox("part of the name")
            yield DetailTable(self._cells, _COLUMNS)
            yield Static(classes="empty", markup=False)
        with Vertical(id="viewer"):
            yield Static(id="viewed", markup=False)
            yield Searched(CodeView(empty=_NO_FILE), "search this file")

    def show(self, view: RunView) -> None:
        """Asks the record again when the run has changed."""
        self.view = view
        if view.record.change != self._change:
            self._change = view.record.change
            self.load(self._load, "artifacts")

    async def _load(self) -> None:
        try:
            self._artifacts = await self._artifacts_of()
        except StoreError as error:
            self._artifacts, self._trouble = (), str(error)
        self._show_rows()

    def _show_rows(self) -> None:
        found = artifacts.matching(self._artifacts, self._searched)
        rows = artifacts.tree_rows(found, self._shut) if self._as_tree else artifacts.list_rows(found)
        self._table.set_rows([TableRow(row.key, row) for row in rows])
        self._say_empty(bool(found))
        self._show_file()

    def _say_empty(self, has_some: bool) -> None:
        self.set_class(not has_some, "-empty")
        if self._trouble:
            said = self._trouble
        elif self._artifacts:
            said = f"None of {len(self._artifacts):,} files has this in its name. / and esc forget the search."
        elif self.view is not None and self.view.record.run.is_active:
            said = "Files appear here when the run leaves them: compiled SQL, manifest, results, logs."
        else:
            said = "This run left no files."
        self.query_one(".empty", Static).update(said)

    def _show_file(self) -> None:
        row = self._table.cursor_value
        path = row.artifact.path if isinstance(row, FileRow) else None
        if path != self._viewed:
            self._viewed = path
            self.load(partial(self._open, path), "open")

    async def _open(self, path: str | None) -> None:
        viewer = self.query_one(CodeView)
        self._say_viewed()
        if path is None:
            viewer.clear(_NO_FILE)
            return
        try:
            file = await asyncio.to_thread(run_file, self.paths.folder, path)
        except RunFileError as error:
            viewer.clear(str(error))
            return
        viewer.show_file(file)

    @on(CodeView.Changed)
    def _viewer_changed(self, event: CodeView.Changed) -> None:
        event.stop()
        self._say_viewed()

    def _say_viewed(self) -> None:
        line, summary = self.query_one("#viewed", Static), self.query_one(CodeView).summary
        told = formats.styled(f"   {summary}" if summary else "", formats.MUTED)
        room = line.content_size.width - told.cell_len
        name = formats.styled(artifacts.end_of(one_line(self._viewed or ""), room), "bold")
        line.update(name.append_text(told), layout=False)

    # -- the page's keys ----------------------------------------------------------------------------------------

    def take_focus(self) -> None:
        """The keys go to the list, or to the viewer where it has the whole page."""
        (self.query_one(CodeView) if self.detail_is_open else self._table).focus()

    def select(self, key: str) -> None:
        """Goes to a file by its path."""
        self._table.select_key(key)

    def place(self) -> PanePlace:
        """Cursor, scrolling, search, list or tree."""
        arrangement = (self._searched, self._as_tree, self._shut)
        return PanePlace(self._table.cursor_key, self._table.scroll_y, self.detail_is_open, arrangement)

    def come_back(self, place: PanePlace) -> None:
        """Makes it as it was."""
        self._searched, self._as_tree, self._shut = place.arrangement
        self.set_class(place.detail_is_open, "-zoomed")
        if place.cursor is not None:
            self._table.come_back(place.cursor, place.scroll)

    def open_detail(self) -> None:
        """Gives the viewer the whole page; a folder is opened or closed."""
        row = self._table.cursor_value
        if isinstance(row, FolderRow):
            self._shut = self._shut - {row.path} if not row.is_open else self._shut | {row.path}
            self._show_rows()
        elif row is not None:
            self.add_class("-zoomed")
            self.query_one(CodeView).focus()

    def close_detail(self) -> None:
        """Takes the list back."""
        self.remove_class("-zoomed")
        self._table.focus()

    @property
    def detail_is_open(self) -> bool:
        """Whether the viewer has the whole page."""
        return self.has_class("-zoomed")

    def next_grouping(self) -> None:
        """As a list, or by folder."""
        self._as_tree = not self._as_tree
        self._show_rows()

    def copied(self) -> str | None:
        """Where the chosen file is."""
        row = self._table.cursor_value
        return None if row is None else str(self.paths.folder / row.key)

    def file_to_save(self) -> str | None:
        """The chosen file."""
        return self._viewed

    def search(self) -> bool:
        """Asks for a part of the name."""
        self.query_one("#files SearchBox", SearchBox).open()
        return True

    @on(SearchBox.Typed, "#files SearchBox")
    def _typed(self, event: SearchBox.Typed) -> None:
        event.stop()
        self._searched = event.text
        self._show_rows()

    @on(SearchBox.Closed, "#files SearchBox")
    def _typing_is_over(self, event: SearchBox.Closed) -> None:
        event.stop()
        self._searched = event.text
        self._show_rows()
        self._table.focus()

    @on(DataTable.RowHighlighted)
    def _file_chosen(self, event: DataTable.RowHighlighted) -> None:
        event.stop()
        self._show_file()

    @on(DataTable.RowSelected)
    def _file_opened(self, event: DataTable.RowSelected) -> None:
        event.stop()
        self.open_detail()

    def on_resize(self, event: Resize) -> None:
        """Puts the viewer where there is room for it."""
        self.set_class(event.size.width >= WIDE, "-wide")
        self.call_after_refresh(self._say_viewed)

    @property
    def _table(self) -> RunTable[Row]:
        return self.query_one(RunTable)

    def _cells(self, row: Row) -> dict[str, Text]:
        name, *_ = fit_columns(_COLUMNS, self._table.scrollable_content_region.width)
        return artifacts.cells(row, name.width)
