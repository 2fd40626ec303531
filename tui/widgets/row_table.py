"""A table whose rows are asked for one by one when they are drawn, instead of being kept by the widget."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from rich.segment import Segment
from rich.style import Style
from rich.terminal_theme import TerminalTheme
from rich.text import Text
from textual import events
from textual._two_way_dict import TwoWayDict
from textual.cache import FIFOCache
from textual.coordinate import Coordinate
from textual.geometry import Region, Spacing
from textual.strip import Strip
from textual.widgets import DataTable
from textual.widgets.data_table import CellKey, ColumnKey, RowDoesNotExist, RowKey

from store.text import visible
from tui.contrast import is_legible
from tui.widgets.columns import Column, FittedColumn, fit_columns

Value = TypeVar("Value")

_HEADER = -1
_DRAWN_ROWS_KEPT = 512
_PLACEHOLDER = Text("·", "dim")


@dataclass(frozen=True, slots=True)
class TableRow(Generic[Value]):
    """One row: what it is about, and under which key it stays the same row when it moves or changes."""

    key: str
    value: Value


class RowTable(DataTable[Text], Generic[Value]):
    """A DataTable of one-line rows that subclasses provide through `row_count`, `row_at` and `index_of`.

    Textual's table keeps every cell of every row, and draws all of them again when one changes. This one asks
    for the rows in view and redraws single lines. It keeps the cursor, the header, the messages and the styles;
    rows come from the subclass, so `add_row`, `update_cell` and the like are not for it.

    `cells` turns a row's value into its cells, by column key; text in it is never read as markup.
    """

    DEFAULT_CSS = """
    RowTable {
        height: 1fr;
        overflow-x: auto;
        scrollbar-gutter: stable;
        scrollbar-size-vertical: 1;
    }
    """

    def __init__(
        self,
        cells: Callable[[Value], Mapping[str, Text]],
        columns: Sequence[Column],
        *,
        show_header: bool = True,
        zebra_stripes: bool = False,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        self._cells = cells
        self._all_columns = tuple(columns)
        self._fitted: tuple[FittedColumn, ...] = ()
        self._drawn: FIFOCache[tuple[object, ...], tuple[TableRow[Value] | None, Strip]] = FIFOCache(_DRAWN_ROWS_KEPT)
        self._base_style = Style.null()
        super().__init__(
            show_header=show_header,
            zebra_stripes=zebra_stripes,
            show_row_labels=False,
            cursor_type="row",
            cursor_foreground_priority="renderable",  # a failed row under the cursor is still seen to have failed
            name=name,
            id=id,
            classes=classes,
        )

    # What subclasses provide

    @property
    def row_count(self) -> int:
        """How many rows there are."""
        raise NotImplementedError

    def row_at(self, index: int) -> TableRow[Value] | None:
        """The row at an index from 0, counted from the top; None while it is not known yet."""
        raise NotImplementedError

    def index_of(self, key: str) -> int | None:
        """Where the row with this key is, None when that is not known."""
        raise NotImplementedError

    # What owners use

    @property
    def cursor_value(self) -> Value | None:
        """What the row under the cursor is about; None in an empty table and while the row is not known yet."""
        row = self.row_at(self.cursor_row) if self.is_valid_row_index(self.cursor_row) else None
        return None if row is None else row.value

    @property
    def cursor_key(self) -> str | None:
        """The key of the row under the cursor; None in an empty table and while the row is not known yet."""
        row = self.row_at(self.cursor_row) if self.is_valid_row_index(self.cursor_row) else None
        return None if row is None else row.key

    @property
    def shown_columns(self) -> tuple[str, ...]:
        """Keys of the columns that fit the present width."""
        return tuple(fitted.column.key for fitted in self._fitted)

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Replace the columns."""
        self._all_columns = tuple(columns)
        self._fit_columns()

    def redraw(self) -> None:
        """Draw the rows in view again, for cells that depend on more than their row: the time, a setting."""
        self._drawn.clear()
        self.refresh()

    def action_half_page_down(self) -> None:
        """Move the cursor down by half of what is in view."""
        self._move_by(max(1, len(self._rows_in_view()) // 2))

    def action_half_page_up(self) -> None:
        """Move the cursor up by half of what is in view."""
        self._move_by(-max(1, len(self._rows_in_view()) // 2))

    def action_page_down(self) -> None:
        """Move the cursor down by what is in view."""
        self._move_by(max(1, len(self._rows_in_view()) - 1))

    def action_page_up(self) -> None:
        """Move the cursor up by what is in view."""
        self._move_by(-max(1, len(self._rows_in_view()) - 1))

    # For subclasses

    def _rows_in_view(self) -> range:
        """Indexes of the rows that the screen shows."""
        top = round(self.scroll_y)
        height = self.scrollable_content_region.height - self._header_lines
        return range(top, max(top, min(self.row_count, top + height)))

    def _rows_changed(self, indexes: Iterable[int]) -> None:
        """Draw these rows again, as far as they are in view."""
        in_view = self._rows_in_view()
        for index in indexes:
            if index in in_view:
                self.refresh(self._get_row_region(index).translate(-self.scroll_offset))

    def _row_count_changed(self) -> None:
        """Adapt the scrollable height to `row_count`."""
        self._require_update_dimensions = True
        self.check_idle()
        self.refresh()

    def _follow_row(self, index: int) -> None:
        """Set the cursor to where its row has moved, without a message: it is still on the same row.

        The row keeps its place on the screen, except that a view of the very top stays at the top as long as
        the cursor is in it, so that new rows are seen to arrive.
        """
        moved = index - self.cursor_row
        if not moved:
            return
        self.set_reactive(DataTable.cursor_coordinate, Coordinate(index, self.cursor_column))
        height = len(self._rows_in_view())
        if round(self.scroll_y) > 0 or index >= height:
            top = max(0, round(self.scroll_y) + moved)
            self.call_after_refresh(self.scroll_to, y=top, animate=False, force=True)
        self.refresh()

    def _move_by(self, rows: int) -> None:
        self._set_hover_cursor(False)
        self.move_cursor(row=self.cursor_row + rows)

    # Textual's own ways to its rows. Each override is tested, as most of them are private.

    @property
    def _header_lines(self) -> int:
        return self.header_height if self.show_header else 0

    @property
    def _total_row_height(self) -> int:
        return self.row_count

    def is_valid_row_index(self, row_index: int) -> bool:
        """Whether there is a row at this index."""
        return 0 <= row_index < self.row_count

    def validate_cursor_coordinate(self, value: Coordinate) -> Coordinate:
        """Keep the cursor in the table; in an empty one it waits at the top, where the first row will be."""
        return Coordinate(max(0, min(value.row, self.row_count - 1)), max(0, min(value.column, len(self.columns) - 1)))

    def coordinate_to_cell_key(self, coordinate: Coordinate) -> CellKey:
        """Keys of the row and the column there; raises RowDoesNotExist while the row is not known."""
        return CellKey(RowKey(self._known_row(coordinate.row).key), ColumnKey(self.shown_columns[coordinate.column]))

    def get_row_at(self, row_index: int) -> list[Text]:
        """The cells in view of a row; raises RowDoesNotExist while the row is not known."""
        cells = self._cells(self._known_row(row_index).value)
        return [cells.get(key, Text()) for key in self.shown_columns]

    def get_row_index(self, row_key: RowKey | str) -> int:
        """Where the row with this key is; raises RowDoesNotExist when that is not known."""
        key = row_key.value if isinstance(row_key, RowKey) else row_key
        index = None if key is None else self.index_of(key)
        if index is None:
            raise RowDoesNotExist(f"no row with the key {key!r}")
        return index

    def _known_row(self, index: int) -> TableRow[Value]:
        row = self.row_at(index) if self.is_valid_row_index(index) else None
        if row is None:
            raise RowDoesNotExist(f"no row at {index}")
        return row

    def _get_row_region(self, row_index: int) -> Region:
        width = max(self.size.width, self.virtual_size.width)
        return Region(0, row_index + self._header_lines, width, 1)

    def _get_cell_region(self, coordinate: Coordinate) -> Region:
        return self._get_row_region(coordinate.row)

    def _get_fixed_offset(self) -> Spacing:
        return Spacing(self._header_lines, 0, 0, 0)

    def _highlight_row(self, row_index: int) -> None:
        self.refresh_row(row_index)
        row = self.row_at(row_index) if self.is_valid_row_index(row_index) else None
        if row is not None:
            self.post_message(DataTable.RowHighlighted(self, row_index, RowKey(row.key)))

    def _post_selected_message(self) -> None:
        if (key := self.cursor_key) is not None:
            self.post_message(DataTable.RowSelected(self, self.cursor_row, RowKey(key)))

    def _on_resize(self, event: events.Resize) -> None:
        super()._on_resize(event)
        self._fit_columns()

    def _clear_caches(self) -> None:
        super()._clear_caches()
        self._drawn.clear()

    def notify_style_update(self) -> None:
        """Forget lines that were drawn in the old style."""
        super().notify_style_update()
        self._drawn.clear()

    def _fit_columns(self) -> None:
        width = self.scrollable_content_region.width
        if not width:
            return
        fitted = fit_columns(self._all_columns, width, 2 * self.cell_padding)
        if fitted == self._fitted:
            return
        self._fitted = fitted
        self.columns.clear()
        self._column_locations = TwoWayDict({})
        for column in fitted:
            self.add_column(Text(column.column.label), width=column.width, key=column.column.key)
        self._clear_caches()
        self.refresh()

    # Drawing

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw a part of the widget."""
        self._base_style = self.rich_style  # looked up once: it is put together from all ancestors
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """Draw one line of the widget."""
        width, left = self.size.width, round(self.scroll_x)
        index = _HEADER if y < self._header_lines else y - self._header_lines + round(self.scroll_y)
        if index != _HEADER and not self.is_valid_row_index(index):
            return Strip.blank(width, self._base_style)
        strip = self._row_strip(index).crop(left, left + width)
        return strip if strip.cell_length == width else strip.adjust_cell_length(width, self._base_style)

    def _row_strip(self, index: int) -> Strip:
        row = None if index == _HEADER else self.row_at(index)
        cursor = index == self.cursor_row and self.show_cursor
        hover = index == self.hover_row and self.show_cursor and self._show_hover_cursor
        drawn_for = (index, cursor, hover, self._base_style, self._pseudo_class_state)
        drawn = self._drawn.get(drawn_for)
        if drawn is not None and drawn[0] is row:
            return drawn[1]
        strip = Strip(self._draw_row(index, self._cells_of(index, row), cursor, hover)).simplify()
        self._drawn[drawn_for] = (row, strip)
        return strip

    def _cells_of(self, index: int, row: TableRow[Value] | None) -> Mapping[str, Text]:
        if index == _HEADER:
            return {fitted.column.key: Text(fitted.column.label) for fitted in self._fitted}
        if row is None:
            return {fitted.column.key: _PLACEHOLDER for fitted in self._fitted}
        return self._cells(row.value)

    def _draw_row(self, index: int, cells: Mapping[str, Text], cursor: bool, hover: bool) -> list[Segment]:
        component, over = self._get_styles_to_render_cell(
            index == _HEADER,
            False,
            False,
            hover,
            cursor,
            self.show_cursor,
            self._show_hover_cursor,
            self.cursor_foreground_priority == "css",
            self.cursor_background_priority == "css",
        )
        under = self._get_row_style(index, self._base_style) + component
        segments: list[Segment] = []
        for number, fitted in enumerate(self._fitted):
            place = Style.from_meta({"row": index, "column": number})
            text = _cell_line(cells.get(fitted.column.key, Text()), fitted, self.cell_padding)
            drawn = Segment.apply_style(text.render(self.app.console), under + place, over)
            segments += _readable(drawn, component, self.app.ansi_theme)
        rest = self.size.width - Segment.get_line_length(segments)
        place = Style.from_meta({"row": index, "column": 0, "out_of_bounds": True})
        segments.append(Segment(" " * max(0, rest), under + place))
        return segments


def _readable(segments: Iterable[Segment], cursor: Style, theme: TerminalTheme) -> Iterator[Segment]:
    """The segments, in the cursor's own colour where theirs cannot be read on the cursor's background."""
    for segment in segments:
        style = segment.style or Style.null()
        if cursor.color and style.color and style.bgcolor and not is_legible(style.color, style.bgcolor, theme):
            style += Style.from_color(cursor.color)
        yield Segment(segment.text, style)


def _cell_line(cell: Text, fitted: FittedColumn, padding: int) -> Text:
    """The cell as one line of the column's width, cut with an ellipsis or filled up, between its padding."""
    line = Text(visible(cell.plain), cell.style, spans=list(cell.spans), end="", no_wrap=True)
    line.truncate(fitted.width, overflow="ellipsis")
    # Rich renders a text without spans as though it had no style.
    line.stylize_before(cell.style)
    spare = fitted.width - line.cell_len
    before, after = (spare, 0) if fitted.column.align == "right" else (0, spare)
    line.pad_left(before + padding)
    line.pad_right(after + padding)
    return line
