"""The page with what feeds a model and what breaks with it."""

import asyncio
from functools import partial

from textual.app import ComposeResult
from textual.widgets import DataTable

from store.lineage.impact import impact_of
from tui.run_view.explore import impact_rows
from tui.run_view.explore.impact_rows import RelativeRow, Row
from tui.run_view.explore.nodes import look_of
from tui.widgets.columns import Column
from tui.widgets.row_table import TableRow
from tui.widgets.run.explore_page import Asked, ExplorePage, Subject
from tui.widgets.run.table import RunTable

_COLUMNS = (
    Column("distance", "away", 4, align="right", priority=2),
    Column("name", "model", 24, flex=3),
    Column("status", "", 18),
    Column("took", "took", 7, align="right", priority=3),
    Column("downstream", "feeds", 6, align="right", priority=1),
    Column("note", "", 16, flex=1, priority=4),
)


class ImpactPage(ExplorePage):
    """Everything below the model, then everything above it; `enter` goes there."""

    def compose(self) -> ComposeResult:
        """One list."""
        yield RunTable[Row](impact_rows.cells, _COLUMNS)

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._shown: tuple[str, int] | None = None

    def show(self, subject: Subject) -> None:
        """Works it out anew where the model or the run is another than before."""
        wanted = (subject.node, subject.view.record.change)
        if wanted != self._shown:
            self._shown = wanted
            self.load(partial(self._work_out, subject), "impact")

    async def _work_out(self, subject: Subject) -> None:
        rows = await asyncio.to_thread(_rows, subject)
        self._table.set_rows([TableRow(row.key, row) for row in rows])

    def take_focus(self) -> None:
        """The keys go to the list."""
        self._table.focus()

    def on_data_table_row_selected(self, event: DataTable.RowSelected) -> None:
        """`enter` on a model."""
        event.stop()
        row = self._table.cursor_value
        if isinstance(row, RelativeRow):
            self.post_message(Asked(row.relative.node))

    @property
    def _table(self) -> RunTable[Row]:
        return self.query_one(RunTable)


def _rows(subject: Subject) -> list[Row]:
    record, lineage = subject.view.record, subject.lineage
    impact = impact_of(record, lineage, subject.node)
    looks = {
        each.node: look_of(record, lineage, each.node, subject.trouble, subject.view.now)
        for each in (*impact.upstream, *impact.downstream)
    }
    return impact_rows.rows_of(impact, looks)
