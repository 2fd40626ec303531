"""The tab with the models of the run."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from rich.text import Text

from store import wording
from store.batches import Batch
from store.errors import StoreError
from store.history import PastExecution
from store.models import ModelExecution
from store.paths import RunPaths
from store.status import ModelStatus
from tui import formats
from tui.run_view import model_detail, models
from tui.run_view.batch_lines import batch_lines
from tui.run_view.models import GroupRow, ModelRow, Row
from tui.run_view.plan import is_preview
from tui.run_view.view import RunView
from tui.text import plain
from tui.widgets.columns import Column
from tui.widgets.row_table import TableRow
from tui.widgets.run.list_pane import ListPane
from tui.widgets.run.pane import after
from tui.widgets.run.table import DetailTable, RunTable

PastOf = Callable[[str], Awaitable[list[PastExecution]]]
BatchesOf = Callable[[str], Awaitable[Sequence[Batch]]]

_COLUMNS = (
    Column("status", "status", 11),
    Column("name", "model", 21, flex=3),
    Column("duration", "took", 7, align="right", priority=1),
    Column("bar", "", models.BAR_WIDTH, priority=4),
    Column("usual", "usual", 5, align="right", priority=5),
    Column("rows", "rows", 9, align="right", priority=3),
    Column("note", "", 12, flex=2, priority=2),
)
_MEANWHILE = "Steps & logs shows what it does meanwhile."
_STEPS_TELL = "Steps & logs shows what its steps said."


class ModelsPane(ListPane[Row]):
    """Every model of the run, live, with its error, timing and SQL beside it."""

    def __init__(self, paths: RunPaths, past_of: PastOf, batches_of: BatchesOf) -> None:
        """`past_of` asks the record how a model fared before, `batches_of` in which parts it is built."""
        super().__init__(paths, "models")
        self._past_of = past_of
        self._batches_of = batches_of
        self._batches: tuple[str, Sequence[Batch]] = ("", ())
        self._batches_read: tuple[str, int] | None = None
        self._past_shown: tuple[str, ModelStatus] | None = None
        self._order: models.Order = "status"
        self._grouping: models.Grouping = "flat"
        self._longest_s = 0.0

    def make_table(self) -> RunTable[Row]:
        """The list."""
        return DetailTable(self._cells, _COLUMNS)

    def show_rows(self, view: RunView) -> None:
        """Fills the list; the bars are drawn anew when their scale has changed."""
        found = view.record.models.values()
        rows = models.arranged(found, self._order, self._grouping, view.now)
        self.table.set_columns(self._columns(view))
        longest_s = models.longest_duration_s(found, view.now)
        if longest_s != self._longest_s:
            self._longest_s = longest_s
            self.table.redraw()
        self.set_rows([TableRow(row.key, row) for row in rows])

    def _columns(self, view: RunView) -> list[Column]:
        """Those that have something to say about this run."""
        found = view.record.models.values()
        empty = set() if view.usual.models else {"usual"}
        if all(model.rows is None for model in found):
            empty.add("rows")
        if self._grouping == "flat" and not any(models.note(model, view.record) for model in found):
            empty.add("note")
        return [column for column in _COLUMNS if column.key not in empty]

    def tick(self, view: RunView) -> None:
        """Durations count."""
        super().tick(view)
        if view.record.run.counts.models_running:
            self._longest_s = models.longest_duration_s(view.record.models.values(), view.now)
            self.table.redraw()
        if self._chosen is not None and self._chosen.status is ModelStatus.RUNNING:
            self.show_detail()

    def why_empty(self, view: RunView) -> Text | None:
        """Before the models are known, and when there are none."""
        if view.record.models:
            return None
        if is_preview(view.record):
            return Text("A plan that is only shown builds nothing: tab 1 shows what it would do.")
        if view.record.run.is_active:
            return Text("The models appear here once the tool has read the project.\n\n" + _MEANWHILE)
        return Text("This run came to an end before it reached a model.\n\n" + _STEPS_TELL)

    def show_detail(self) -> None:
        """Shows the chosen row; its SQL follows when it was read."""
        row = self.table.cursor_value
        if self.view is None or row is None:
            return
        if isinstance(row, GroupRow):
            self.detail.show(Text(row.name, "bold"), Text(), (("has", wording.counted(len(row.members), "model")),))
            self.detail.show_past(Text())
            self.detail.show_batches(Text())
            self.load_sql(None, None, None)
            return
        self._show_model(row.model, self.view)

    def _show_model(self, model: ModelExecution, view: RunView) -> None:
        facts = model_detail.facts(model, view.record, view.usual.of(model), view.now, view.zone)
        self.detail.show(model_detail.title(model), Text(plain(model.error or "")), facts)
        self.load_sql(None, model.compiled_file, model.error)
        self._show_batches(model, view)
        if self._batches_read != (model.model, model.change):
            self._batches_read = (model.model, model.change)
            self.load(partial(self._read_batches, model, view), "batches")
        if self._past_shown != (model.model, model.status):
            self._past_shown = (model.model, model.status)
            self.load(partial(self._show_past, model.model, view), "past")

    async def _read_batches(self, model: ModelExecution, view: RunView) -> None:
        try:
            self._batches = (model.model, await self._batches_of(model.model))
        except StoreError as error:
            self.detail.show_batches(formats.styled(str(error), formats.BAD))
            return
        self._show_batches(model, view)

    def _show_batches(self, model: ModelExecution, view: RunView) -> None:
        """As they were read last; those of a model that was chosen just now follow."""
        of_model, batches = self._batches
        torn = [each for each in view.record.interrupted if each.model == model.model]
        lines = batch_lines(batches, torn, view.now) if of_model == model.model else []
        self.detail.show_batches(Text("\n").join(lines))

    async def _show_past(self, model: str, view: RunView) -> None:
        try:
            past = await self._past_of(model)
        except StoreError as error:
            self.detail.show_past(formats.styled(str(error), formats.BAD))
            return
        lines = [model_detail.past_line(item, view.now) for item in past]
        self.detail.show_past(Text("\n").join(lines) if len(lines) > 1 else Text())

    @property
    def arrangement(self) -> tuple[models.Order, models.Grouping]:
        """What the list is sorted and grouped by."""
        return self._order, self._grouping

    @arrangement.setter
    def arrangement(self, arrangement: tuple[models.Order, models.Grouping]) -> None:
        self._order, self._grouping = arrangement

    @property
    def order(self) -> str:
        """What the list is sorted by."""
        return self._order

    def next_order(self) -> None:
        """Sorts by something else."""
        self._order = after(models.ORDERS, self._order)
        self._show_again()

    def next_grouping(self) -> None:
        """Flat, by folder, by schema."""
        self._grouping = after(models.GROUPINGS, self._grouping)
        self._show_again()

    def copied(self) -> str | None:
        """The error of the chosen model, else its unique name."""
        model = self._chosen
        return None if model is None else model.error or model.model

    def meet(self, node: str) -> None:
        """Goes to the model that was chosen in its lineage."""
        self.select(node)

    def chosen_node(self) -> str | None:
        """The chosen model's unique name."""
        return None if self._chosen is None else self._chosen.model

    @property
    def _chosen(self) -> ModelExecution | None:
        row = self.table.cursor_value
        return row.model if isinstance(row, ModelRow) else None

    def _show_again(self) -> None:
        if self.view is not None:
            self.show(self.view)

    def _cells(self, row: Row) -> dict[str, Text]:
        if self.view is None:
            return {}
        return models.cells(row, self.view.record, self.view.usual, self._longest_s, self.view.now)
