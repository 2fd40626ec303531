"""The tab with the audits of the run."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from rich.text import Text

from store import wording
from store.errors import StoreError
from store.models import Audit
from store.paths import RunPaths
from store.run_record import AuditKey, audit_key
from store.samples import AuditSample
from tui import formats
from tui.run_view import audit_detail, audits
from tui.run_view.sample_text import sample_text
from tui.run_view.view import RunView
from tui.text import plain
from tui.widgets.columns import Column
from tui.widgets.row_table import TableRow
from tui.widgets.run.list_pane import ListPane
from tui.widgets.run.pane import after
from tui.widgets.run.table import DetailTable, RunTable

_COLUMNS = (
    Column("status", "status", 9),
    Column("name", "audit", 24, flex=5),
    Column("model", "model", 12, flex=2, priority=2),
    Column("failures", "rows", 7, align="right"),
    Column("blocking", "", 6, priority=1),
    Column("duration", "took", 7, align="right", priority=4),
    Column("note", "", 12, flex=3, priority=3),
)

SampleOf = Callable[[str], Awaitable[AuditSample | None]]


class AuditsPane(ListPane[Audit]):
    """Every audit that the run has executed so far."""

    def __init__(self, paths: RunPaths, sample_of: SampleOf) -> None:
        """`sample_of` asks the record for rows that an audit found fault with."""
        super().__init__(paths, "audits")
        self._sample_of = sample_of
        self._sample_shown: AuditKey | None = None
        self._order: audits.Order = "status"
        self._shared: frozenset[str] = frozenset()

    def make_table(self) -> RunTable[Audit]:
        """The list."""
        return DetailTable(self._cells, _COLUMNS)

    def show_rows(self, view: RunView) -> None:
        """Fills the list."""
        found = audits.arranged(view.record.audits.values(), self._order, view.record)
        self._shared = audits.namesakes(found)
        self.table.set_columns(self._columns(found, view))
        self.set_rows([TableRow(audit_key(audit), audit) for audit in found])

    def _columns(self, found: Sequence[Audit], view: RunView) -> list[Column]:
        """Those that have something to say about this run: the others' room is for the names."""
        empty = set() if any(audit.failures for audit in found) else {"failures"}
        if not any(audits.note(audit, view.record) for audit in found):
            empty.add("note")
        return [column for column in _COLUMNS if column.key not in empty]

    def why_empty(self, view: RunView) -> Text | None:
        """Before the first audit has ended, and when there are none."""
        if view.record.audits:
            return None
        expected = view.record.run.counts.audits_total
        if view.record.run.is_active and expected:
            return Text(f"{wording.counted(expected, 'audit')} to come: each appears here when it has ended.")
        if view.record.run.is_active:
            return Text("Audits appear here when they have ended.")
        return Text("No audit ran in this run. dbt's tests and SQLMesh's audits would stand here.")

    def show_detail(self) -> None:
        """Shows the chosen audit; its SQL follows when it was read."""
        audit = self.table.cursor_value
        if self.view is None or audit is None:
            return
        facts = audit_detail.facts(audit, self.view.record, self.view.now, self.view.zone)
        self.detail.show(audit_detail.title(audit), Text(plain(audit.error or "")), facts)
        self.load_sql(audit.sql, audit.compiled_file, audit.error)
        if self._sample_shown != audit_key(audit):
            self._sample_shown = audit_key(audit)
            self.load(partial(self._show_sample, audit), "sample")

    async def _show_sample(self, audit: Audit) -> None:
        self.detail.show_sample(Text())
        if not audit.failures:
            return
        try:
            sample = await self._sample_of(audit.audit)
        except StoreError as error:
            self.detail.show_sample(formats.styled(str(error), formats.BAD))
            return
        self.detail.show_sample(Text() if sample is None else sample_text(sample, audit.failures))

    @property
    def arrangement(self) -> tuple[audits.Order]:
        """What the list is sorted by."""
        return (self._order,)

    @arrangement.setter
    def arrangement(self, arrangement: tuple[audits.Order]) -> None:
        (self._order,) = arrangement

    @property
    def order(self) -> str:
        """What the list is sorted by."""
        return self._order

    def next_order(self) -> None:
        """Sorts by something else."""
        self._order = after(audits.ORDERS, self._order)
        if self.view is not None:
            self.show(self.view)

    def copied(self) -> str | None:
        """The error of the chosen audit, else its unique name."""
        audit = self.table.cursor_value
        return None if audit is None else audit.error or audit.audit

    def chosen_node(self) -> str | None:
        """The chosen audit's unique name."""
        audit = self.table.cursor_value
        return None if audit is None else audit.audit

    def _cells(self, audit: Audit) -> dict[str, Text]:
        return {} if self.view is None else audits.cells(audit, self.view.record, self._shared)
