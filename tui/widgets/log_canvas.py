"""Keeps the picture of a log on a widget right: what changed is drawn again, and nothing else."""

from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from tui.log.window import View
from tui.widgets.log_painter import MAP_CELLS, LogPainter, Scene

STATUS_LINES = 1
"""So many lines below the log say how it stands."""


class LogCanvas:
    """What a widget shows of a log: the lines, their map, the status; or a text instead of all that."""

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._painter = LogPainter(widget)
        self._instead: str | None = None
        self._status: object = None
        self._left = 0
        self._found: int | None = None

    def fits(self, scene: Scene) -> bool:
        """Whether rows are as wide as they have to be."""
        return self._painter.fits(scene)

    def fit(self, scene: Scene) -> View:
        """Make rows as wide as they have to be; gives what the reading has to fill."""
        return self._painter.fit(scene)

    def pan(self, scene: Scene, cells: int) -> None:
        """Show what is further right, or further left if negative, as far as there is anything."""
        self._left = max(0, min(self._left + cells, self._painter.furthest_left(scene)))
        self._widget.refresh()

    def pan_back(self) -> None:
        """Show the lines of another log, from their start on."""
        self._left, self._found = 0, None

    def show(self, scene: Scene, instead: str | None) -> None:
        """Draw what is other than before; `instead` is what stands there when there is no log to be seen."""
        is_other = self._painter.paint(scene)
        if self._pan_to_match(scene) or is_other or instead != self._instead:
            self._instead = instead
            self._widget.refresh()
        if self._painter.paint_map(scene):
            self._widget.refresh(Region(scene.width - MAP_CELLS, 0, MAP_CELLS, scene.height))
        status = None if scene.reading is None else scene.reading.status
        if status != self._status:
            self._status = status
            self._widget.refresh(Region(0, scene.height, scene.width, STATUS_LINES))

    def _pan_to_match(self, scene: Scene) -> bool:
        """Bring the match into view when another line was found, and go back when none is; gives whether that pans."""
        found, before = None if scene.reading is None else scene.reading.match_start, self._left
        if found == self._found:
            return False
        left = 0 if found is None else self._painter.left_of_match(scene, before)
        if left is not None:  # else the line was not read so far
            self._found, self._left = found, left
        return self._left != before

    def strip(self, scene: Scene, instead: str | None, y: int) -> Strip:
        """One line of the widget."""
        if instead is not None or scene.reading is None:
            return self._painter.message(instead or "", y, scene.width)
        if y >= scene.height:
            return self._painter.status(scene, scene.reading, self._left)
        return self._painter.line(scene, scene.reading, y, self._left)
