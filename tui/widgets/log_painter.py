"""Draws a log: its columns, its lines in rows, and the map at the right."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.strip import Strip
from textual.widget import Widget

from store.logs.log_file import LogLine
from tui import formats
from tui.log.columns import Columns, LineFacts
from tui.log.marks import Selection
from tui.log.minimap import MapCell, map_cells
from tui.log.modes import LogModes
from tui.log.reading import LogReading
from tui.log.rows import LineTexts, Row, marked_matches, rows_of
from tui.log.status import status_text
from tui.log.times import time_of
from tui.log.window import View
from tui.text import plain

MAP_CELLS = 2
"""A blank, and the map."""

_SHARE_BEFORE_MATCH = 3
"""One part in so many of a row is before a match that was far right in its line."""

_MUTED = Style.parse(formats.MUTED)


@dataclass(frozen=True, slots=True)
class Scene:
    """What is to be drawn in `width` cells and `height` rows, the status line not counted."""

    reading: LogReading | None
    modes: LogModes
    marks: frozenset[int]
    selection: Selection | None
    zone: tzinfo | None
    width: int
    height: int

    @property
    def columns(self) -> Columns:
        """The columns left of the lines."""
        start = None if self.reading is None else self.reading.survey.start
        size = 0 if self.reading is None else self.reading.size
        return Columns(self.modes, bool(self.marks), size, start, self.zone)

    @property
    def text_width(self) -> int:
        """What columns and map leave to the lines."""
        return max(1, self.width - self.columns.width - MAP_CELLS)


class LogPainter:
    """Draws for a widget that has the component styles `log-view--…`; keeps the rows that are in view."""

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._texts = LineTexts()
        self._rows: list[Row] = []
        self._map: tuple[MapCell, ...] = ()
        self._painted: tuple[object, ...] = ()

    def fits(self, scene: Scene) -> bool:
        """Whether rows are as wide as they have to be."""
        return self._texts.width == scene.text_width

    def fit(self, scene: Scene) -> View:
        """Make rows as wide as they have to be; gives what the reading has to fill."""
        width, with_time = scene.text_width, scene.modes.times == "written"
        if (width, with_time) != (self._texts.width, self._texts.with_time):
            self._texts = LineTexts(width, with_time=with_time)
        return View(scene.height, self._texts.count if scene.modes.wrap else None)

    def furthest_left(self, scene: Scene) -> int:
        """How far one can go to the right until the widest line ends."""
        widest = 0 if scene.modes.wrap else max((row.text.cell_len for row in self._rows), default=0)
        return max(0, widest - self._texts.width + 1)

    def left_of_match(self, scene: Scene, left: int) -> int | None:
        """From which cell on the match of the line that was found is in view: `left` if it is already.

        None while that line is not in view.
        """
        reading = scene.reading
        row = next((row for row in self._rows if reading is not None and row.line.start == reading.match_start), None)
        if row is None or reading is None:
            return None
        start, end = (0, 0) if reading.wanted is None else next(reading.wanted.spans(row.text.plain), (0, 0))
        first, last = cell_len(row.text.plain[:start]), cell_len(row.text.plain[:end])
        room = self._texts.width
        if scene.modes.wrap or left <= first <= last <= left + room:
            return left
        return 0 if last <= room else max(0, first - room // _SHARE_BEFORE_MATCH)

    def paint(self, scene: Scene) -> bool:
        """Lay the lines in view out; False when they are as they were."""
        painted = (scene.columns, scene.marks, scene.selection, scene.width, self._texts, *_seen(scene))
        if painted == self._painted:
            return False
        self._painted = painted
        self._rows = [] if scene.reading is None else self._laid_out(scene, scene.reading)
        return True

    def paint_map(self, scene: Scene) -> bool:
        """Draw the map; False when it is as it was."""
        cells = _map(scene)
        if cells == self._map:
            return False
        self._map = cells
        return True

    # Strips

    def message(self, text: str, y: int, width: int) -> Strip:
        """One line of a text that stands where the log would be."""
        lines = plain(text).splitlines()
        return self._strip(Text(lines[y] if y < len(lines) else "", end=""), self._base + _MUTED, width)

    def status(self, scene: Scene, reading: LogReading, left: int) -> Strip:
        """The line below the log, of which `left` cells are left of the view."""
        panned = f"panned by {left:,}" if left and not scene.modes.wrap else ""
        selecting = "" if scene.selection is None else "selecting, y copies, esc ends"
        words = ", ".join(filter(None, (selecting, panned, scene.modes.words())))
        return self._strip(status_text(reading.status, words, scene.width), self._base + _MUTED, scene.width)

    def line(self, scene: Scene, reading: LogReading, y: int, left: int) -> Strip:
        """One row of the log, from `left` cells on where it is not wrapped, and its cell of the map."""
        room = max(0, scene.width - MAP_CELLS)
        if y < len(self._rows):
            strip = self._row(self._rows[y], scene, reading, room, 0 if scene.modes.wrap else left)
        else:
            strip = Strip.blank(room, self._base)
        return Strip.join([strip, Strip.blank(MAP_CELLS - 1, self._base), self._map_cell(y)])

    @property
    def _base(self) -> Style:
        return self._widget.rich_style

    def _component(self, name: str) -> Style:
        return self._widget.get_component_rich_style(f"log-view--{name}", partial=True)

    def _row(self, row: Row, scene: Scene, reading: LogReading, width: int, left: int) -> Strip:
        style = self._base + self._line_style(row.line, scene, reading)
        columns = self._strip(row.columns, style, row.columns.cell_len)
        room = max(0, width - columns.cell_length)
        return Strip.join([columns, self._strip(row.text, style, room, left)]).crop(0, width)

    def _line_style(self, line: LogLine, scene: Scene, reading: LogReading) -> Style:
        shown, selection = reading.filter, scene.selection
        is_around = shown is not None and shown.context and not shown.wanted.matches(line.content)
        style = _MUTED if is_around else Style()
        if selection is not None and line.start in selection:
            return style + self._component("cursor" if line.start == selection.cursor else "selected")
        return style + self._component("match-line") if line.start == reading.match_start else style

    def _map_cell(self, y: int) -> Strip:
        cell = self._map[y] if y < len(self._map) else MapCell()
        style = self._base + self._component("map-view") if cell.is_in_view else self._base
        return self._strip(Text(end="").append(cell.glyph, cell.style), style, 1)

    def _strip(self, text: Text, style: Style, width: int, left: int = 0) -> Strip:
        segments = Segment.apply_style(text.render(self._widget.app.console), style)
        return Strip(segments).crop(left, left + width).extend_cell_length(width, style)

    # Rows

    def _laid_out(self, scene: Scene, reading: LogReading) -> list[Row]:
        match = self._component("match")
        rows: list[Row] = []
        for line, facts in _with_facts(scene, reading):
            text = marked_matches(self._texts.of(line), reading.wanted, match)
            pieces = self._texts.wrapped(text) if scene.modes.wrap else [text]
            rows += rows_of(line, facts, scene.columns, pieces)
        skip = reading.window.skip
        return rows[skip : skip + scene.height]


def _seen(scene: Scene) -> tuple[object, ...]:
    """What of a reading its picture depends on."""
    reading = scene.reading
    if reading is None:
        return ()
    shown = tuple(reading.shown())
    numbers = tuple(map(reading.survey.number_of, shown)) if scene.modes.numbers else ()
    return shown, numbers, reading.exists, reading.match_start, reading.wanted, reading.window.skip, reading.filter


def _with_facts(scene: Scene, reading: LogReading) -> Iterator[tuple[LogLine, LineFacts]]:
    window = reading.window
    above = window.lines[window.top - 1] if window.top else None
    previous: datetime | None = None if above is None else time_of(above.content)
    for line in reading.shown():
        time = time_of(line.content)
        yield (
            line,
            LineFacts(
                number=reading.survey.number_of(line),
                time=time,
                previous=previous,
                is_marked=line.start in scene.marks,
                is_behind_gap=above is not None and above.end != line.start,
            ),
        )
        above, previous = line, time or previous


def _map(scene: Scene) -> tuple[MapCell, ...]:
    reading = scene.reading
    shown = () if reading is None else reading.shown()
    if reading is None or not shown:
        return ()
    counter = reading.seeking.counter
    matches = None if counter is None else counter.spots
    return map_cells(scene.height, reading.size, (shown[0].start, shown[-1].end), reading.survey.errors.spots, matches)
