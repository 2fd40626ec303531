"""Two to four runs side by side: their figures on top, below them what differs, row by row."""

from collections.abc import Sequence
from typing import ClassVar

from rich.table import Table
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen
from textual.widgets import ContentSwitcher, DataTable, Static

from engine.errors import UsageError
from store.comparison.compared import ComparedRow, Comparison
from store.comparison.reading import read_comparison
from store.comparison.redefinitions import read_steps, tell_formatting
from store.errors import StoreError
from store.lineage.reading import Reading
from store.reads import StoreReader
from store.text import one_line
from tui import formats, keymap
from tui.comparison_text import card_rows, cell_text, origin, row_lines, step_lines, summary, widths
from tui.journey import Spot
from tui.services import Services
from tui.times import zone_of
from tui.widgets.columns import Column
from tui.widgets.key_line import KeyLine
from tui.widgets.line_view import LineView
from tui.widgets.row_table import TableRow
from tui.widgets.run.search_box import SearchBox
from tui.widgets.run.table import RunTable
from tui.widgets.styled_lines import StyledLines

_BESIDE = 1
"""Cells that the bar takes by which the rows are scrolled."""

_HIGH = 30
"""Lines from which on there is room for the cards above the detail of a row."""


class ComparedTable(RunTable[ComparedRow]):
    """The models and audits; `enter` opens one."""

    BINDINGS: ClassVar[list[BindingType]] = [keymap.BY_ID["compare.open"].binding()]


class CompareScreen(Screen[None]):
    """`enter` opens what each run says of the chosen model or audit, and how its definition differs; `esc` closes it.

    `d` shows only what differs, or all. The first runs stand left.
    """

    CSS_PATH = "compare.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        key.binding() for key in keymap.keys_of("compare") if key.id != "compare.open"
    ]
    HELP_SCOPES: ClassVar[tuple[keymap.Scope, ...]] = ("compare", "lists")

    def __init__(
        self, services: Services, run_ids: Sequence[int], *, shows_all: bool = False, chosen: str | None = None
    ) -> None:
        """`shows_all` and `chosen`, the key of a row, are as somebody left the page who comes back now."""
        super().__init__()
        self.services = services
        self._run_ids = tuple(run_ids)
        self._comparison: Comparison | None = None
        self._shows_all = shows_all
        self._chosen = chosen

    def compose(self) -> ComposeResult:
        """Title, cards, rows or the detail of one, search, keys."""
        yield Static(self._title(), id="title")
        yield Static(id="cards")
        yield Static(id="summary", markup=False)
        with ContentSwitcher(initial="rows"):
            yield ComparedTable(self._cells, self._columns(), id="rows")
            yield StyledLines(id="detail")
        yield SearchBox("search")
        yield KeyLine()

    def on_mount(self) -> None:
        """Reads without making the first paint wait for it."""
        self.query_one("#summary", Static).update(formats.styled("Reading the runs …", formats.MUTED))
        self.run_worker(self._read(), group="read")

    def spot(self) -> Spot:
        """The comparison of these runs, as it is now."""
        shows_all, chosen = self._shows_all, self.query_one(ComparedTable).cursor_key

        def page() -> CompareScreen:
            return CompareScreen(self.services, self._run_ids, shows_all=shows_all, chosen=chosen)

        return Spot(("compare", self._run_ids), page)

    async def _read(self) -> None:
        try:
            async with self.services.reads() as reader:
                found = await read_comparison(reader, self.services.paths, self._run_ids, self.services.clock())
                self._begin(found)
                # What is only formatting takes longer to find out than a page may take to open.
                self._comparison = await tell_formatting(self._reading(reader), found)
        except (StoreError, UsageError) as error:
            self.query_one("#summary", Static).update(formats.styled(str(error), formats.BAD))
        else:
            self._show()

    def _begin(self, found: Comparison) -> None:
        self._comparison = found
        self._show()
        table = self.query_one(ComparedTable)
        if self._chosen is not None:
            table.select_key(self._chosen)
        table.focus()

    def _reading(self, reader: StoreReader) -> Reading:
        return Reading(self.services.paths, reader, self.services.sql)

    def times_changed(self) -> None:
        """Times are shown in another zone."""
        self._show()

    def on_resize(self) -> None:
        """What fits depends on the size."""
        self._show()
        self._make_room()

    def _make_room(self) -> None:
        """Where the screen is low, the detail of a row takes the place of the cards."""
        for part in self.query("#cards, #summary"):
            part.display = self._switcher.current == "rows" or self.app.size.height >= _HIGH

    def _show(self) -> None:
        found = self._comparison
        if found is None:
            return
        self.query_one("#title", Static).update(self._title(origin(found.cards)))
        self.query_one("#cards", Static).update(self._cards(found))
        self.query_one("#summary", Static).update(Text(summary(found), formats.MUTED))
        self.query_one(ComparedTable).set_columns(self._columns())
        rows = [row for row in found.rows if self._shows_all or row.differs]
        self.query_one(ComparedTable).set_rows([TableRow(row.key, row) for row in rows])

    def _title(self, origin: str = "") -> Text:
        numbers = " · ".join(f"#{run_id}" for run_id in self._run_ids)
        return Text.assemble((f"Compare {numbers}", "bold"), (f"   {origin}", formats.MUTED))

    def _cards(self, found: Comparison) -> Table:
        name, cell = self._widths
        table = Table.grid(padding=(0, 2, 0, 0), pad_edge=False)
        table.add_column(width=name)
        for _ in found.cards:
            table.add_column(width=cell, no_wrap=True)
        table.add_row("", *(Text(f"#{card.run.id}", "bold") for card in found.cards))
        for label, cells in card_rows(found.cards, self.services.clock(), zone_of(self)):
            table.add_row(Text(label, formats.MUTED), *cells)
        return table

    @property
    def _widths(self) -> tuple[int, int]:
        return widths(self.app.size.width - _BESIDE, len(self._run_ids))

    def _columns(self) -> list[Column]:
        name, cell = self._widths
        runs = [Column(str(run_id), f"#{run_id}", cell) for run_id in self._run_ids]
        return [Column("name", "model or audit", name), *runs]

    def _cells(self, row: ComparedRow) -> dict[str, Text]:
        _, width = self._widths
        runs = {str(run_id): cell_text(cell, width) for run_id, cell in zip(self._run_ids, row.cells, strict=True)}
        return {"name": Text(one_line(row.name)), **runs}

    # -- going about ------------------------------------------------------------------------------------------------

    @property
    def _switcher(self) -> ContentSwitcher:
        return self.query_one(ContentSwitcher)

    @on(DataTable.RowSelected)
    def _row_opened(self, event: DataTable.RowSelected) -> None:
        event.stop()
        row = self.query_one(ComparedTable).cursor_value
        if row is not None:
            self.run_worker(self._open(row), group="read", exclusive=True)

    async def _open(self, row: ComparedRow) -> None:
        assert self._comparison is not None
        cards = self._comparison.cards
        lines = list(row_lines(row, cards))
        if row.kind == "model":
            runs = [card.run for card, cell in zip(cards, row.cells, strict=True) if cell is not None]
            try:
                async with self.services.reads() as reader:
                    steps = await read_steps(self._reading(reader), runs, row.node)
            except StoreError as error:
                lines.append(formats.styled(str(error), formats.BAD))
            else:
                lines += [line for step in steps for line in step_lines(step)]
        detail = self.query_one(StyledLines)
        detail.show(lines)
        self._switcher.current = "detail"
        self._make_room()
        detail.focus()

    def action_close(self) -> None:
        """Takes the rows back."""
        self._switcher.current = "rows"
        self._make_room()
        self.query_one(ComparedTable).focus()

    def action_toggle_all(self) -> None:
        """Shows only what differs, or all."""
        self._shows_all = not self._shows_all
        self._show()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """`esc` closes the detail where one is open, else it leaves the page; what the rows say is chosen there."""
        if action in ("close", "toggle_all"):
            return (self._switcher.current == "detail") == (action == "close")
        return super().check_action(action, parameters)

    @on(LineView.SearchAsked)
    def _search_asked(self) -> None:
        self.query_one(SearchBox).open()

    @on(SearchBox.Closed)
    def _searched(self, event: SearchBox.Closed) -> None:
        event.box.remove_class("-open")
        lines = self.query_one(StyledLines)
        lines.search(event.text)
        lines.focus()
