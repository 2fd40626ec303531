"""The table over a source of any length."""

import asyncio
from collections.abc import Callable, Mapping, Sequence

import pytest
from rich.text import Text
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widgets import DataTable

from tui.widgets.columns import Column
from tui.widgets.paged_table import PagedTable
from tui.widgets.row_table import TableRow

COLUMNS = (Column("run", "Run", 12), Column("status", "Status", 12))


class Runs:
    """A source of numbered runs; counts what is read, and reads only while `open`."""

    def __init__(self, count: int) -> None:
        self.keys: Sequence[int] = range(count)
        self.status: dict[str, str] = {}
        self.reads: list[str] = []
        self.error: Exception | None = None
        self.open = asyncio.Event()
        self.open.set()

    async def count(self) -> int:
        await self._note("count")
        return len(self.keys)

    async def page(self, first: int, size: int) -> Sequence[TableRow[str]]:
        await self._note(f"page {first}")
        return [self._row(str(key)) for key in self.keys[first : first + size]]

    async def row(self, key: str) -> TableRow[str] | None:
        await self._note(f"row {key}")
        return self._row(key) if int(key) in self.keys else None

    async def position(self, key: str) -> int | None:
        await self._note(f"position {key}")
        return self.keys.index(int(key)) if int(key) in self.keys else None

    async def _note(self, read: str) -> None:
        self.reads.append(read)
        await self.open.wait()
        if self.error is not None:
            raise self.error

    def _row(self, key: str) -> TableRow[str]:
        return TableRow(key, f"{key} {self.status.get(key, 'completed')}")


def _cells(value: str) -> Mapping[str, Text]:
    run, status = value.split()
    return {"run": Text(f"#{run}"), "status": Text(status)}


class TableApp(App[None]):
    """One table over a source; notes the messages that it sends."""

    def __init__(self, source: Runs, last_on_top: bool = True) -> None:
        super().__init__()
        self.source = source
        self.table: PagedTable[str] = PagedTable(_cells, COLUMNS, page_size=16, last_on_top=last_on_top)
        self.highlighted: list[str | None] = []
        self.selected: list[str | None] = []
        self.errors: list[BaseException] = []
        self.counts: list[int] = []

    def compose(self) -> ComposeResult:
        yield self.table

    def on_mount(self) -> None:
        self.table.show_source(self.source)

    def on_data_table_row_highlighted(self, event: DataTable.RowHighlighted) -> None:
        self.highlighted.append(event.row_key.value)

    def on_data_table_row_selected(self, event: DataTable.RowSelected) -> None:
        self.selected.append(event.row_key.value)

    def on_paged_table_source_failed(self, event: PagedTable.SourceFailed) -> None:
        self.errors.append(event.error)

    def on_paged_table_count_changed(self, event: PagedTable.CountChanged) -> None:
        self.counts.append(event.count)

    def lines(self) -> list[str]:
        lines = (self.table.render_line(y).text.split() for y in range(1, self.table.size.height))
        return [" ".join(words) for words in lines]


def _cells_made(app: TableApp, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The values whose cells are made from now on."""
    values: list[str] = []

    def noting(value: str) -> Mapping[str, Text]:
        values.append(value)
        return _cells(value)

    monkeypatch.setattr(app.table, "_cells", noting)
    return values


async def _until(pilot: Pilot[None], condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await pilot.pause(0.005)
    await pilot.pause()


async def _shown(pilot: Pilot[None], app: TableApp, run: int) -> None:
    await _until(pilot, lambda: f"#{run} " in "\n".join(app.lines()))


async def test_a_million_rows_are_shown_by_reading_one_page() -> None:
    app = TableApp(source := Runs(1_000_000))
    async with app.run_test(size=(40, 8)) as pilot:
        await _shown(pilot, app, 999_999)

        assert source.reads == ["count", "page 999984"]
        assert app.lines() == [f"#{number} completed" for number in range(999_999, 999_992, -1)]
        assert app.counts == [1_000_000]
        assert app.highlighted == ["999999"]


async def test_rows_that_are_not_read_yet_are_placeholders_and_block_nothing() -> None:
    app = TableApp(source := Runs(1000))
    async with app.run_test(size=(40, 8)) as pilot:
        await _shown(pilot, app, 999)
        source.open.clear()
        await pilot.press("ctrl+end")
        assert app.table.cursor_row == 999
        assert set(app.lines()) == {"· ·"}
        assert app.table.cursor_key is None
        await pilot.press("enter")
        source.open.set()
        await _shown(pilot, app, 0)

        assert app.selected == []
        assert app.highlighted == ["999", "0"]


async def test_pages_that_were_scrolled_past_are_not_read() -> None:
    app = TableApp(source := Runs(10_000))
    async with app.run_test(size=(40, 8)) as pilot:
        await _shown(pilot, app, 9999)
        source.open.clear()
        for _ in range(40):
            await pilot.press("pagedown")
        await pilot.press("ctrl+end")
        source.reads.clear()
        source.open.set()
        await _shown(pilot, app, 0)

        assert source.reads == ["page 0"]


async def test_the_cursor_stays_on_its_row_when_runs_are_added() -> None:
    app = TableApp(source := Runs(1000))
    async with app.run_test(size=(40, 8)) as pilot:
        await _shown(pilot, app, 999)
        app.table.move_cursor(row=100)
        await _until(pilot, lambda: app.table.cursor_key == "899")
        place = app.lines().index("#899 completed")
        app.highlighted.clear()

        source.keys = range(1003)
        app.table.sync()
        await _until(pilot, lambda: app.table.row_count == 1003)

        assert app.table.cursor_row == 103
        assert app.table.cursor_key == "899"
        assert app.lines()[place] == "#899 completed"
        assert app.highlighted == []


async def test_new_runs_are_seen_to_arrive_at_the_top() -> None:
    app = TableApp(source := Runs(1000))
    async with app.run_test(size=(40, 8)) as pilot:
        await _shown(pilot, app, 999)
        source.keys = range(1001)
        app.table.sync()
        await _shown(pilot, app, 1000)

        assert app.lines()[:2] == ["#1000 completed", "#999 completed"]
        assert app.table.cursor_key == "999"


async def test_the_cursor_finds_its_row_again_after_a_filter() -> None:
    app = TableApp(source := Runs(1000))
    async with app.run_test(size=(40, 8)) as pilot:
        app.table.select_key("500")
        await _until(pilot, lambda: app.table.cursor_key == "500")
        source.keys = range(0, 1000, 10)
        app.table.reload()
        await _until(pilot, lambda: app.table.row_count == 100 and app.table.cursor_key == "500")

        assert app.table.cursor_row == 49
        assert "#500 completed" in app.lines()

        source.keys = [3, 7]
        app.table.reload()
        await _until(pilot, lambda: app.table.cursor_key == "3")
        assert app.highlighted[-1] == "3"


async def test_the_cursor_goes_after_a_row_that_changed_places() -> None:
    app = TableApp(source := Runs(20))
    async with app.run_test(size=(40, 8)) as pilot:
        await _shown(pilot, app, 19)
        source.keys = [*range(19), 20, 19]
        app.table.sync()
        await _until(pilot, lambda: app.table.row_count == 21)
        await _until(pilot, lambda: app.lines()[0] == "#19 completed")

        assert app.table.cursor_key == "19"
        assert app.table.cursor_row == 0


async def test_one_changed_row_is_read_and_drawn_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    app = TableApp(source := Runs(1000))
    async with app.run_test(size=(40, 8)) as pilot:
        await _shown(pilot, app, 999)
        made = _cells_made(app, monkeypatch)
        source.reads.clear()
        source.status["997"] = "running"
        app.table.refresh_row("997")
        app.table.refresh_row("5")
        await _until(pilot, lambda: "#997 running" in app.lines())

        assert source.reads == ["row 997"]
        assert made == ["997 running"]


async def test_a_sync_draws_only_what_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    app = TableApp(source := Runs(1000))
    async with app.run_test(size=(40, 8)) as pilot:
        await _shown(pilot, app, 999)
        made = _cells_made(app, monkeypatch)
        source.status["996"] = "failed"
        app.table.sync()
        await _until(pilot, lambda: "#996 failed" in app.lines())

        assert made == ["996 failed"]


async def test_a_list_can_be_shown_from_its_start() -> None:
    app = TableApp(source := Runs(100), last_on_top=False)
    async with app.run_test(size=(40, 8)) as pilot:
        await _shown(pilot, app, 0)

        assert app.lines()[:2] == ["#0 completed", "#1 completed"]
        assert source.reads == ["count", "page 0"]


async def test_a_read_that_fails_is_told_once_and_tried_again_on_demand() -> None:
    app = TableApp(source := Runs(100))
    source.error = OSError("store is away")
    async with app.run_test(size=(40, 8)) as pilot:
        await _until(pilot, lambda: bool(app.errors))
        assert app.errors == [source.error]
        source.error = None
        app.table.sync()
        await _shown(pilot, app, 99)

        assert len(app.errors) == 1


async def test_another_source_starts_at_its_top() -> None:
    app = TableApp(Runs(100))
    async with app.run_test(size=(40, 8)) as pilot:
        await _shown(pilot, app, 99)
        await pilot.press("ctrl+end")
        app.table.show_source(Runs(50))
        await _shown(pilot, app, 49)

        assert app.table.cursor_key == "49"
        assert app.table.row_count == 50


async def test_an_empty_source_is_an_empty_table() -> None:
    app = TableApp(source := Runs(0))
    async with app.run_test(size=(40, 8)) as pilot:
        await _until(pilot, lambda: source.reads == ["count"])
        await pilot.press("enter", "down", "pagedown", "ctrl+end")

        assert app.selected == []
        assert not any(app.lines())
        source.keys = range(3)
        app.table.sync()
        await _shown(pilot, app, 2)
        assert app.highlighted == ["2"]
