"""A log of any size, followed live or read anywhere."""

from dataclasses import replace
from datetime import tzinfo
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.timer import Timer
from textual.worker import Worker

from store.logs.log_file import FileUnreadable, Log, LogFile
from store.logs.matching import Matcher, matcher
from tui import keymap
from tui.log.marks import Selection, next_mark, toggled
from tui.log.modes import LogModes
from tui.log.places import Place
from tui.log.quick_count import counts_quickly, quick_count
from tui.log.reading import LogReading
from tui.log.status import LogStatus
from tui.times import zone_of
from tui.widgets.line_view import LineView
from tui.widgets.log_painter import MAP_CELLS, LogPainter, Scene

POLL_SECONDS = 0.2
"""How often the file is looked at; a write is shown after half of that on average."""

_WHEEL_LINES = 3
_PAN_CELLS = 8
_STATUS_LINES = 1


class LogView(LineView):
    """Shows one log at a time, in lines as they are in the file, and a line of status below.

    Nothing is read on the event loop, and of the file only what is around the view is in memory. `empty` is what
    the view says while there is no file: what would be there, and how it comes there.
    """

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("lists", "log")

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "log-view--cursor",
        "log-view--map-view",
        "log-view--match",
        "log-view--match-line",
        "log-view--selected",
    }

    DEFAULT_CSS = """
    LogView {
        height: 1fr;
        overflow: hidden;
    }
    LogView > .log-view--cursor { background: $primary; color: $text; }
    LogView > .log-view--map-view { background: $boost; }
    LogView > .log-view--match { background: $warning; color: $background; }
    LogView > .log-view--match-line { background: $boost; }
    LogView > .log-view--selected { background: $primary-muted; }
    """

    class StatusChanged(Message):
        """Something that the status says has changed."""

        def __init__(self, log_view: "LogView", status: LogStatus) -> None:
            super().__init__()
            self.log_view = log_view
            self.status = status

        @property
        def control(self) -> "LogView":
            """The view whose status it is."""
            return self.log_view

    def __init__(
        self,
        log: Log | Path | None = None,
        *,
        empty: str = "",
        follow: bool = True,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self.modes = LogModes()
        self._empty = empty
        self._reading: LogReading | None = _reading_of(log, follow)
        self._reader: Worker[None] | None = None
        self._poll: Timer | None = None
        self._trouble = ""
        self._left = 0
        self._marks: frozenset[int] = frozenset()
        self._selection: Selection | None = None
        self._generation = 0
        self._painter = LogPainter(self)
        self._shown_instead: tuple[str, bool] = ("", True)
        self._told: LogStatus | None = None

    # What owners use

    @property
    def log_shown(self) -> Log | None:
        """What is shown."""
        return None if self._reading is None else self._reading.log

    @property
    def reading(self) -> LogReading | None:
        """How the view stands in its log."""
        return self._reading

    @property
    def status(self) -> LogStatus | None:
        """What the status line says; None while no file is shown."""
        return self._reading.status if self._reading is not None and self._reading.exists else None

    @property
    def selection(self) -> Selection | None:
        """The lines that are being selected."""
        return self._selection

    def show(self, log: Log | Path | None, *, follow: bool = True, empty: str | None = None) -> None:
        """Show another log, from its end on if it is to be followed, else from its start; all lines of it."""
        self._empty = self._empty if empty is None else empty
        self._let_go_of_file()
        self._reading = _reading_of(log, follow)
        self._left, self._trouble = 0, ""
        self._forget_places()
        self.change_modes(self.modes.of_all_lines())

    def change_modes(self, modes: LogModes) -> None:
        """Show other lines, or show them otherwise."""
        self.modes = modes
        if self._reading is not None:
            self._reading.survey.wants_numbers = modes.numbers
            self._reading.show_only(modes.shown(self._reading.wanted))
        self._fit()

    def search(self, pattern: str, regex: bool = False) -> None:
        """Go to the first match from the top of the view on, or the nearest before it, and count all lines with one.

        A pattern without capital letters matches them too; an empty one forgets the search. Raises BadPattern.
        """
        self.search_for(matcher(pattern, regex=regex) if pattern else None)

    def search_for(self, wanted: Matcher | None) -> None:
        """As `search`, with a matcher that is ready."""
        if self._reading is None:
            return
        self._reading.search(wanted)
        if wanted is None:
            self.modes = replace(self.modes, only_matching=False)
        elif counts_quickly(self._reading.log, self._reading.size, wanted):
            self._reading.seeking.is_counted_elsewhere = True
            self.run_worker(self._count_quickly(self._reading, wanted), group="count", exclusive=True)
        self.change_modes(self.modes)

    def next_match(self) -> None:
        """Go to the next line that matches; after the last one to the first."""
        if self._reading is not None:
            self._reading.find_next()
            self._update()

    def previous_match(self) -> None:
        """Go to the line before that matches; before the first one to the last."""
        if self._reading is not None:
            self._reading.find_previous()
            self._update()

    def next_error(self, direction: int) -> None:
        """Go to the next line that is an error, or with -1 to the one before."""
        if self._reading is not None:
            self._reading.find_error(direction)
            self._update()

    def go_to_byte(self, offset: int, above: int = 0) -> None:
        """Show the line of a byte, below so many others; following lets go."""
        if self._reading is not None:
            self._reading.go_to(offset, above)
            self._update()

    def go_to_place(self, place: Place) -> None:
        """Show a place as people name it."""
        if self._reading is not None:
            self._reading.go_to_place(place, self._zone)
            self._update()

    def follow(self) -> None:
        """Go to the end and stay there."""
        if self._reading is not None:
            self._reading.follow()
            self._update()

    def stop(self) -> bool:
        """Give up what is being looked for. Gives whether there was anything."""
        was_busy = self._reading is not None and self._reading.stop()
        self._update()
        return was_busy

    def say(self, message: str) -> None:
        """Say something in the status line."""
        if self._reading is not None:
            self._reading.say(message)
            self._update()

    def look(self) -> None:
        """Look at the file now, without waiting for the next time that is done anyway."""
        if self._reading is not None:
            self._reading.look()
            self._update()

    # Marks and selected lines

    def toggle_mark(self) -> None:
        """Mark the line that was found, or the first in view; or take its mark away."""
        if (here := self._here) is not None:
            self._marks = toggled(self._marks, here)
            self._fit()

    def next_mark(self, direction: int) -> bool:
        """Go to the next mark, or with -1 to the one before. Gives whether there is any."""
        here = self._here
        mark = None if here is None else next_mark(self._marks, here, direction)
        if mark is not None and self._reading is not None:
            self._reading.show_line(mark)
            self._update()
        return mark is not None

    def select(self, selecting: bool) -> None:
        """Begin to select lines, at the line that was found or the first in view; or select none."""
        here = self._here
        self._selection = Selection(here, here) if selecting and here is not None else None
        self._update()

    @property
    def _here(self) -> int | None:
        if self._selection is not None:
            return self._selection.cursor
        here = None if self._reading is None else self._reading.here
        return None if here is None else here.start

    def _select_to(self, lines: int) -> None:
        """Move the cursor by lines, among those that were read, and keep it in view."""
        reading, selection = self._reading, self._selection
        if reading is None or selection is None:
            return
        starts = [line.start for line in reading.window.lines]
        if selection.cursor not in starts:
            return
        cursor = starts[max(0, min(starts.index(selection.cursor) + lines, len(starts) - 1))]
        self._selection = selection.to(cursor)
        shown = [line.start for line in reading.shown()]
        if cursor < shown[0]:
            reading.move(starts.index(cursor) - starts.index(shown[0]))
        elif cursor > shown[-1]:
            reading.move(starts.index(cursor) - starts.index(shown[-1]))
        self._update()

    def _forget_places(self) -> None:
        self._marks, self._selection = frozenset(), None

    # Keys and wheel

    def action_follow(self) -> None:
        """Go to the end and stay there."""
        self.follow()

    def action_scroll_top(self) -> None:
        """Go to the start of the file."""
        self.go_to_byte(0)

    def action_scroll_bottom(self) -> None:
        """Go to the end of the file and stay there."""
        self.follow()

    def action_scroll_left(self) -> None:
        """Show more of what is left of the view."""
        self._pan(-_PAN_CELLS)

    def action_scroll_right(self) -> None:
        """Show more of what is right of the view."""
        self._pan(_PAN_CELLS)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll down by a few lines."""
        event.prevent_default().stop()
        self._move(_WHEEL_LINES)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll up by a few lines."""
        event.prevent_default().stop()
        self._move(-_WHEEL_LINES)

    def _move(self, lines: int) -> None:
        if self._selection is not None:
            self._select_to(lines)
        elif self._reading is not None:
            self._reading.move(lines)
            self._update()

    def _pan(self, cells: int) -> None:
        self._left = max(0, min(self._left + cells, self._painter.furthest_left(self._scene)))
        self.refresh()

    # Life

    def on_mount(self) -> None:
        """Prepare to look at the file as long as the view is seen."""
        super().on_mount()  # type: ignore[no-untyped-call]
        self._poll = self.set_interval(POLL_SECONDS, self.look, pause=True)

    def on_show(self) -> None:
        """Look at the file again."""
        if self._poll is not None:
            self._poll.resume()
        self.look()

    def on_hide(self) -> None:
        """Nobody sees it: leave the file alone."""
        if self._poll is not None:
            self._poll.pause()

    def on_unmount(self) -> None:
        """Let go of the file."""
        self._let_go_of_file()

    def on_resize(self) -> None:
        """Show as many lines as there is room for."""
        self._fit()

    @property
    def _height(self) -> int:
        return max(0, self.size.height - _STATUS_LINES)

    @property
    def _zone(self) -> tzinfo | None:
        return zone_of(self)

    def _fit(self) -> None:
        """Make as many rows as there is room for, as wide as the columns leave it."""
        view = self._painter.fit(self._scene)
        if self._reading is not None:
            self._reading.fit(view)
        self._update()

    def _let_go_of_file(self) -> None:
        if self._reader is not None:
            self._reader.cancel()
        if self._reading is not None:
            self._reading.close()
        self._reader = self._reading = None

    def _update(self) -> None:
        """Paint what changed, and read what is wanted now."""
        self._paint_changes()
        idle = self._reader is None or self._reader.is_finished
        if idle and self._reading is not None and self.is_running and self._reading.wants_step():
            self._reader = self.run_worker(partial(self._read, self._reading), name="log", exit_on_error=True)

    async def _read(self, reading: LogReading) -> None:
        while reading is self._reading and reading.wants_step():
            try:
                await reading.step()
                self._trouble = ""
            except FileUnreadable as error:
                self._trouble = str(error)
                self.refresh()
                return  # the next look tries again
            self._paint_changes()

    async def _count_quickly(self, reading: LogReading, wanted: Matcher) -> None:
        size = reading.size
        reading.seeking.take_count(wanted, await quick_count(reading.log, wanted, size), size)
        self._update()

    # Drawing

    @property
    def _scene(self) -> Scene:
        width = self.size.width
        return Scene(self._reading, self.modes, self._marks, self._selection, self._zone, width, self._height)

    def _paint_changes(self) -> None:
        reading = self._reading
        if reading is not None and reading.generation != self._generation:
            self._generation = reading.generation
            self._forget_places()
        scene = self._scene
        if not self._painter.fits(scene):
            self._fit()  # which paints
            return
        shown_instead = (self._trouble, self.status is None)
        if self._painter.paint(scene) or shown_instead != self._shown_instead:
            self._shown_instead = shown_instead
            self.refresh()
        if self._painter.paint_map(scene):
            self.refresh(Region(scene.width - MAP_CELLS, 0, MAP_CELLS, scene.height))
        if self.status != self._told and self.status is not None:
            self._told = self.status
            self.refresh(Region(0, scene.height, scene.width, _STATUS_LINES))
            self.post_message(self.StatusChanged(self, self.status))

    def render_line(self, y: int) -> Strip:
        """Draw one line of the widget."""
        scene, reading = self._scene, self._reading
        if self._trouble or reading is None or not reading.exists:
            return self._painter.message(self._trouble or self._empty, y, scene.width)
        if y >= scene.height:
            return self._painter.status(scene, reading)
        return self._painter.line(scene, reading, y, self._left)


def _reading_of(log: Log | Path | None, follow: bool) -> LogReading | None:
    if log is None:
        return None
    return LogReading(LogFile(log) if isinstance(log, Path) else log, follow=follow)
