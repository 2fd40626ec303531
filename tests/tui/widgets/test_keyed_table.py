"""The table over rows at hand, and with it everything that all row tables share."""

from collections.abc import Mapping, Sequence

import pytest
from rich.color import Color
from rich.text import Text
from textual.app import App, ComposeResult
from textual.coordinate import Coordinate
from textual.pilot import Pilot
from textual.widgets import DataTable
from textual.widgets.data_table import RowDoesNotExist

from tui.widgets.columns import Column
from tui.widgets.keyed_table import KeyedTable
from tui.widgets.row_table import TableRow

COLUMNS = (
    Column("name", "Name", 10, flex=1),
    Column("status", "Status", 10),
    Column("rows", "Rows", 6, align="right", priority=1),
)


def _cells(value: tuple[str, str, int]) -> Mapping[str, Text]:
    name, status, rows = value
    return {"name": Text(name), "status": Text(status, "green"), "rows": Text(str(rows))}


def _row(key: str, status: str = "queued", rows: int = 0) -> TableRow[tuple[str, str, int]]:
    return TableRow(key, (f"model_{key}", status, rows))


def _rows(keys: Sequence[object]) -> list[TableRow[tuple[str, str, int]]]:
    return [_row(str(key)) for key in keys]


class TableApp(App[None]):
    """One table; notes the messages that it sends and the lines that it draws."""

    def __init__(self) -> None:
        super().__init__()
        self.highlighted: list[str | None] = []
        self.selected: list[tuple[str | None, int]] = []
        self.headers: list[str | None] = []

    def compose(self) -> ComposeResult:
        yield KeyedTable(_cells, COLUMNS)

    @property
    def table(self) -> KeyedTable[tuple[str, str, int]]:
        return self.query_one(KeyedTable)

    def on_data_table_row_highlighted(self, event: DataTable.RowHighlighted) -> None:
        self.highlighted.append(event.row_key.value)

    def on_data_table_row_selected(self, event: DataTable.RowSelected) -> None:
        self.selected.append((event.row_key.value, event.cursor_row))

    def on_data_table_header_selected(self, event: DataTable.HeaderSelected) -> None:
        self.headers.append(event.column_key.value)


def _lines(app: TableApp) -> list[str]:
    return [app.table.render_line(y).text.rstrip() for y in range(app.table.size.height)]


def _drawn(app: TableApp, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Keys of the rows whose cells are made from now on."""
    keys: list[str] = []

    def noting(value: tuple[str, str, int]) -> Mapping[str, Text]:
        keys.append(value[0].removeprefix("model_"))
        return _cells(value)

    monkeypatch.setattr(app.table, "_cells", noting)
    return keys


async def _settled(pilot: Pilot[None]) -> None:
    await pilot.pause()
    await pilot.pause()


async def test_rows_are_drawn_under_a_header_aligned_and_cut() -> None:
    app = TableApp()
    async with app.run_test(size=(45, 6)) as pilot:
        app.table.set_rows([_row("a", "running", 12), _row("b" * 40)])
        await _settled(pilot)

        assert _lines(app)[:4] == [
            " Name                    Status        Rows",
            " model_a                 running         12",
            " model_bbbbbbbbbbbbbbb…  queued           0",
            "",
        ]


async def test_markup_and_control_characters_in_cells_are_only_text() -> None:
    app = TableApp()
    async with app.run_test(size=(60, 6)) as pilot:
        app.table.set_rows([TableRow("a", ("[bold]x[/]\x1b[2J\n", "ok", 1))])
        await _settled(pilot)

        assert "[bold]x[/]␛[2J␊" in _lines(app)[1]


@pytest.mark.parametrize(("background", "kept"), [("#000000", True), ("#00ff00", False)])
async def test_a_status_keeps_its_colour_under_the_cursor_where_it_can_be_read(background: str, kept: bool) -> None:
    app = TableApp()
    app.stylesheet.add_source(
        f".datatable--cursor {{ background: {background} !important; color: #102030 !important }}"
    )
    async with app.run_test(size=(60, 6)) as pilot:
        app.table.set_rows(_rows("a"))
        await _settled(pilot)

        styles = {segment.text.strip(): segment.style for segment in app.table.render_line(1)}
        status = styles["queued"]
        assert status is not None
        assert status.color == Color.parse("green" if kept else "#102030")
        assert status.bgcolor == Color.parse(background)


async def test_low_priority_columns_leave_when_it_gets_narrow_and_come_back() -> None:
    app = TableApp()
    async with app.run_test(size=(45, 6)) as pilot:
        await _settled(pilot)
        assert app.table.shown_columns == ("name", "status", "rows")
        await pilot.resize_terminal(30, 6)
        await _settled(pilot)
        assert app.table.shown_columns == ("name", "status")
        await pilot.resize_terminal(45, 6)
        await _settled(pilot)
        assert app.table.shown_columns == ("name", "status", "rows")


async def test_a_table_wider_than_the_screen_scrolls_sideways() -> None:
    app = TableApp()
    async with app.run_test(size=(20, 6)) as pilot:
        app.table.set_rows(_rows("a"))
        await _settled(pilot)
        app.table.scroll_to(x=12, animate=False)
        await _settled(pilot)

        assert _lines(app)[1] == "l_a     queued"


async def test_the_cursor_moves_by_line_half_page_page_and_to_both_ends() -> None:
    app = TableApp()
    async with app.run_test(size=(45, 11)) as pilot:
        app.table.set_rows(_rows(range(100)))
        app.table.focus()
        await _settled(pilot)
        positions = []
        for move in (
            "cursor_down",
            "half_page_down",
            "page_down",
            "page_up",
            "half_page_up",
            "scroll_bottom",
            "scroll_top",
        ):
            await app.table.run_action(move)
            positions.append(app.table.cursor_row)

        assert positions == [1, 6, 15, 6, 1, 99, 0]


async def test_the_row_under_the_cursor_is_in_view_and_named_in_messages() -> None:
    app = TableApp()
    async with app.run_test(size=(45, 8)) as pilot:
        app.table.set_rows(_rows(range(50)))
        app.table.focus()
        await _settled(pilot)
        await pilot.press("down", "ctrl+end", "enter")
        await _settled(pilot)

        assert app.highlighted == ["0", "1", "49"]
        assert app.selected == [("49", 49)]
        assert _lines(app)[-1].split()[0] == "model_49"


async def test_a_click_moves_the_cursor_a_second_one_selects_and_a_header_click_names_the_column() -> None:
    app = TableApp()
    async with app.run_test(size=(45, 8)) as pilot:
        app.table.set_rows(_rows(range(50)))
        await _settled(pilot)
        await pilot.click(KeyedTable, offset=(3, 4))
        await pilot.click(KeyedTable, offset=(3, 4))
        await pilot.click(KeyedTable, offset=(25, 0))

        assert app.table.cursor_row == 3
        assert app.selected == [("3", 3)]
        assert app.headers == ["status"]


async def test_only_the_row_that_changed_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    app = TableApp()
    async with app.run_test(size=(45, 12)) as pilot:
        app.table.set_rows(_rows(range(10)))
        await _settled(pilot)
        drawn = _drawn(app, monkeypatch)

        app.table.set_rows([*_rows(range(4)), _row("4", "running"), *_rows(range(5, 10))])
        await _settled(pilot)
        app.table.update_row(_row("7", "failed"))
        await _settled(pilot)

        assert drawn == ["4", "7"]
        assert "running" in _lines(app)[5]
        assert "failed" in _lines(app)[8]


async def test_the_cursor_stays_on_its_row_when_rows_come_and_change_places() -> None:
    app = TableApp()
    async with app.run_test(size=(45, 8)) as pilot:
        app.table.set_rows(_rows(range(40)))
        app.table.select_key("20")
        await _settled(pilot)
        line = [text.split()[0] for text in _lines(app)].index("model_20")
        app.highlighted.clear()

        app.table.set_rows(_rows(["new", "newer", *range(40)]))
        await _settled(pilot)
        assert app.table.cursor_key == "20"
        assert _lines(app)[line].split()[0] == "model_20"

        app.table.set_rows(_rows(range(39, -1, -1)))
        await _settled(pilot)
        assert app.table.cursor_key == "20"
        assert app.highlighted == []


async def test_a_view_of_the_top_shows_rows_that_arrive_there() -> None:
    app = TableApp()
    async with app.run_test(size=(45, 8)) as pilot:
        app.table.set_rows(_rows(range(40)))
        await _settled(pilot)
        app.table.set_rows(_rows(["new", *range(40)]))
        await _settled(pilot)

        assert app.table.cursor_key == "0"
        assert _lines(app)[1].split()[0] == "model_new"


async def test_when_its_row_goes_the_cursor_says_on_which_it_is_now() -> None:
    app = TableApp()
    async with app.run_test(size=(45, 8)) as pilot:
        app.table.set_rows(_rows(range(5)))
        app.table.select_key("4")
        await _settled(pilot)
        app.highlighted.clear()

        app.table.set_rows(_rows(range(3)))
        await _settled(pilot)
        assert app.table.cursor_key == "2"
        assert app.highlighted == ["2"]

        app.table.set_rows([])
        await _settled(pilot)
        assert app.table.cursor_key is None
        assert app.table.cursor_value is None
        await pilot.press("enter", "down", "ctrl+end")
        assert app.selected == []

        app.table.set_rows(_rows("ab"))
        await _settled(pilot)
        assert app.table.cursor_key == "a"


async def test_rows_can_be_looked_up_as_in_any_data_table() -> None:
    app = TableApp()
    async with app.run_test(size=(45, 8)) as pilot:
        table = app.table
        table.set_rows(_rows("abc"))
        await _settled(pilot)

        assert app.query_one(DataTable).row_count == 3
        assert table.get_row_index("b") == 1
        assert [cell.plain for cell in table.get_row_at(1)] == ["model_b", "queued", "0"]
        assert table.coordinate_to_cell_key(Coordinate(2, 0)).row_key.value == "c"
        assert not table.select_key("unknown")
        for wrong in (
            lambda: table.get_row_at(3),
            lambda: table.get_row_index("d"),
            lambda: table.update_row(_row("d")),
        ):
            with pytest.raises(RowDoesNotExist):
                wrong()
        with pytest.raises(ValueError, match="same key"):
            table.set_rows(_rows("aa"))


async def test_redraw_makes_the_cells_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    app = TableApp()
    async with app.run_test(size=(45, 8)) as pilot:
        app.table.set_rows(_rows("ab"))
        await _settled(pilot)
        drawn = _drawn(app, monkeypatch)
        app.table.redraw()
        await _settled(pilot)

        assert drawn == ["a", "b"]


async def test_other_columns_can_be_set() -> None:
    app = TableApp()
    async with app.run_test(size=(45, 8)) as pilot:
        app.table.set_rows(_rows("a"))
        app.table.set_columns([Column("rows", "Count", 10)])
        await _settled(pilot)

        assert _lines(app)[:2] == [" Count", " 0"]
