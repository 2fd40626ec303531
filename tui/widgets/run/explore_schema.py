"""The page with the columns of a model, and with where the chosen one comes from and who uses it."""

from functools import partial

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.events import Resize
from textual.widgets import DataTable, Static

from store.errors import StoreError
from store.lineage.column_lineage import trace_column
from store.lineage.columns import RunColumns
from store.lineage.reading import Reading
from store.lineage.schema import Schema, SchemaColumn, read_schema
from tui import formats
from tui.run_view.explore import schema_rows
from tui.run_view.explore.schema_rows import TraceRow
from tui.services import Services
from tui.widgets.columns import Column
from tui.widgets.row_table import TableRow
from tui.widgets.run.explore_page import Asked, ExplorePage, Subject
from tui.widgets.run.table import RunTable

_COLUMNS = (
    Column("change", "", 9, priority=2),
    Column("name", "column", 20, flex=2),
    Column("type", "type", 16, flex=1),
    Column("description", "", 16, flex=3, priority=1),
)
_TRACE = (
    Column("distance", "away", 4, align="right"),
    Column("column", "column", 14, flex=1),
    Column("model", "model", 14, flex=1),
)
_WIDE = 100


class SchemaPage(ExplorePage):
    """Two lists: the columns, and the trace of the chosen one; `enter` in the trace goes to its model."""

    DEFAULT_CSS = """
    SchemaPage.-wide { layout: horizontal; }
    SchemaPage > Vertical { height: 1fr; width: 1fr; }
    SchemaPage.-wide > #of-model { width: 3fr; }
    SchemaPage.-wide > #of-column { width: 2fr; }
    SchemaPage Static { height: auto; min-height: 1; max-height: 4; padding: 0 1; }
    SchemaPage RunTable { height: 1fr; }
    """

    def __init__(self, services: Services, *, id: str) -> None:
        super().__init__(id=id)
        self._services = services
        self._subject: Subject | None = None
        self._seen: tuple[str, int] | None = None

    def compose(self) -> ComposeResult:
        """Columns and trace, a line above each."""
        with Vertical(id="of-model"):
            yield Static(id="schema-note", markup=False)
            yield RunTable[SchemaColumn](schema_rows.column_cells, _COLUMNS, id="columns")
        with Vertical(id="of-column"):
            yield Static(id="trace-note", markup=False)
            yield RunTable[TraceRow](schema_rows.trace_cells, _TRACE, id="trace")

    def show(self, subject: Subject) -> None:
        """Reads anew where the model is another one, or was executed meanwhile."""
        model = subject.view.record.models.get(subject.node)
        seen = (subject.node, model.change if model else 0)
        if seen != self._seen:
            self._seen, self._subject = seen, subject
            self._say("#schema-note", Text("The columns are being worked out.", formats.MUTED))
            self.load(partial(self._read, subject), "schema")

    async def _read(self, subject: Subject) -> None:
        run = subject.view.record.run
        try:
            async with self._services.reads() as reader:
                reading = Reading(self._services.paths, reader, self._services.sql)
                schema = await read_schema(reading, run, subject.lineage, subject.node)
        except StoreError as error:
            schema = Schema(subject.node, note=str(error))
        self._say("#schema-note", schema_rows.schema_note(schema))
        self._columns.set_rows([TableRow(f"{each.change} {each.name}", each) for each in schema.columns])
        self._show_trace()

    def _show_trace(self) -> None:
        column, subject = self._columns.cursor_value, self._subject
        if column is None or subject is None or column.change == "removed":
            self._say("#trace-note", Text())
            self._trace.set_rows([])
            return
        self.load(partial(self._read_trace, subject, column), "trace")

    async def _read_trace(self, subject: Subject, column: SchemaColumn) -> None:
        try:
            async with self._services.reads() as reader:
                reading = Reading(self._services.paths, reader, self._services.sql)
                columns = RunColumns(reading, subject.view.record.run, subject.lineage)
                trace = await trace_column(columns, subject.node, column.name)
        except StoreError as error:
            self._say("#trace-note", Text(str(error), formats.MUTED))
            self._trace.set_rows([])
            return
        self._say("#trace-note", schema_rows.trace_note(trace, column.description))
        self._trace.set_rows([TableRow(row.key, row) for row in schema_rows.trace_rows(trace)])

    def take_focus(self) -> None:
        """The keys go to the columns."""
        self._columns.focus()

    @on(DataTable.RowHighlighted, "#columns")
    def _column_chosen(self, event: DataTable.RowHighlighted) -> None:
        event.stop()
        self._show_trace()

    @on(DataTable.RowSelected, "#columns")
    def _column_opened(self, event: DataTable.RowSelected) -> None:
        event.stop()
        self._trace.focus()

    @on(DataTable.RowHighlighted, "#trace")
    def _step_chosen(self, event: DataTable.RowHighlighted) -> None:
        event.stop()

    @on(DataTable.RowSelected, "#trace")
    def _step_opened(self, event: DataTable.RowSelected) -> None:
        event.stop()
        row = self._trace.cursor_value
        if row is not None and row.step is not None:
            self.post_message(Asked(row.step.node))

    def on_resize(self, event: Resize) -> None:
        """The trace stands beside the columns where there is room for it."""
        self.set_class(event.size.width >= _WIDE, "-wide")

    def copied(self) -> str | None:
        """The name of the chosen column."""
        return self._columns.cursor_value.name if self._columns.cursor_value else None

    @property
    def _columns(self) -> RunTable[SchemaColumn]:
        return self.query_one("#columns", RunTable)

    @property
    def _trace(self) -> RunTable[TraceRow]:
        return self.query_one("#trace", RunTable)

    def _say(self, where: str, text: Text) -> None:
        self.query_one(where, Static).update(text)
