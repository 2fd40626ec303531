"""A log of any size, followed live or read anywhere."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import ClassVar, TypeVar

from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.strip import Strip
from textual.timer import Timer

from store.logs.log_file import Log, LogFile
from store.logs.matching import Matcher, matcher
from tui import keymap
from tui.log.marks import Picked, Selection
from tui.log.modes import LogModes
from tui.log.places import Place
from tui.log.reading import LogReading
from tui.log.status import LogStatus
from tui.times import zone_of
from tui.widgets.line_view import LineView
from tui.widgets.log_canvas import STATUS_LINES, LogCanvas
from tui.widgets.log_painter import Scene
from tui.widgets.log_reader import LogReader

POLL_SECONDS = 0.2
"""How often the file is looked at; a write is shown after half of that on average."""

_WHEEL_LINES = 3
_PAN_CELLS = 8

Result = TypeVar("Result")


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
        self.picked = Picked()
        """The lines that are marked, and those that are being selected."""
        self._empty = empty
        self._reader = LogReader(self, self._paint_changes)
        self._is_live = True
        self._reader.take(self._reading_of(log, follow))
        self._canvas = LogCanvas(self)
        self._poll: Timer | None = None
        self._generation = 0
        self._told: LogStatus | None = None

    # What owners use

    @property
    def reading(self) -> LogReading | None:
        """How the view stands in its log."""
        return self._reading

    @property
    def log_shown(self) -> Log | None:
        """What is shown."""
        return None if self._reading is None else self._reading.log

    @property
    def status(self) -> LogStatus | None:
        """What the status line says; None while no file is shown."""
        return self._reading.status if self._reading is not None and self._reading.exists else None

    @property
    def selection(self) -> Selection | None:
        """The lines that are being selected."""
        return self.picked.selection

    def show(self, log: Log | Path | None, *, follow: bool = True, empty: str | None = None) -> None:
        """Show another log, from its end on if it is to be followed, else from its start; all lines of it."""
        self._empty = self._empty if empty is None else empty
        self._reader.take(self._reading_of(log, follow))
        self._canvas.pan_back()
        self.picked.forget()
        self.change_modes(self.modes.of_all_lines())

    def set_live(self, is_live: bool) -> None:
        """Say whether more may come: of a log that is complete nothing says that it is followed."""
        self._is_live = is_live
        if self._reading is not None and self._reading.is_live != is_live:
            self._reading.is_live = is_live
            self._update()

    def change_modes(self, modes: LogModes) -> None:
        """Show other lines, or show them otherwise."""
        self.modes = modes
        if self._reading is not None:
            self._reading.survey.wants_numbers = modes.numbers
            self._reading.show_only(modes.shown(self._reading.wanted))
        self.fit()

    def act(self, change: Callable[[LogReading], Result]) -> Result | None:
        """Have the reading do something, and show what came of it; None where there is no log."""
        result = None if self._reading is None else change(self._reading)
        self._update()
        return result

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
        else:
            self._reader.count(wanted)
        self.change_modes(self.modes)

    def next_match(self) -> None:
        """Go to the next line that matches; after the last one to the first."""
        self.act(LogReading.find_next)

    def previous_match(self) -> None:
        """Go to the line before that matches; before the first one to the last."""
        self.act(LogReading.find_previous)

    def go_to_byte(self, offset: int, above: int = 0) -> None:
        """Show the line of a byte, below so many others; following lets go."""
        self.act(lambda reading: reading.go_to(offset, above))

    def go_to_place(self, place: Place) -> None:
        """Show a place as people name it."""
        self.act(lambda reading: reading.go_to_place(place, zone_of(self)))

    def follow(self) -> None:
        """Go to the end and stay there."""
        self.act(LogReading.follow)

    def say(self, message: str) -> None:
        """Say something in the status line."""
        self.act(lambda reading: reading.say(message))

    def look(self) -> None:
        """Look at the file now, without waiting for the next time that is done anyway."""
        self.act(LogReading.look)

    def fit(self) -> None:
        """Make as many rows as there is room for, as wide as the columns leave it."""
        view = self._canvas.fit(self._scene)
        self.act(lambda reading: reading.fit(view))

    # Keys and wheel

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What is complete is not followed."""
        return self._is_live if action == "follow" else super().check_action(action, parameters)

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
        self._canvas.pan(self._scene, -_PAN_CELLS)

    def action_scroll_right(self) -> None:
        """Show more of what is right of the view."""
        self._canvas.pan(self._scene, _PAN_CELLS)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll down by a few lines."""
        event.prevent_default().stop()
        self._move(_WHEEL_LINES)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll up by a few lines."""
        event.prevent_default().stop()
        self._move(-_WHEEL_LINES)

    def _move(self, lines: int) -> None:
        self.act(lambda reading: self.picked.move(reading, lines))

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
        self._reader.take(None)

    def on_resize(self) -> None:
        """Show as many lines as there is room for."""
        self.fit()

    def _reading_of(self, log: Log | Path | None, follow: bool) -> LogReading | None:
        if log is None:
            return None
        return LogReading(LogFile(log) if isinstance(log, Path) else log, follow=follow, is_live=self._is_live)

    @property
    def _reading(self) -> LogReading | None:
        return self._reader.reading

    def _update(self) -> None:
        """Paint what changed, and read what is wanted now."""
        self._paint_changes()
        self._reader.go_on()

    # Drawing

    @property
    def _height(self) -> int:
        return max(0, self.size.height - STATUS_LINES)

    @property
    def _scene(self) -> Scene:
        picked = self.picked
        return Scene(
            *(self._reading, self.modes, picked.marks, picked.selection),
            *(zone_of(self), self.size.width, self._height),
        )

    @property
    def _instead(self) -> str | None:
        """What the view says where there is no log to show."""
        return self._reader.trouble or (self._empty if self.status is None else None)

    def _paint_changes(self) -> None:
        reading = self._reading
        if reading is not None and reading.generation != self._generation:
            self._generation = reading.generation
            self.picked.forget()
        if not self._canvas.fits(self._scene):
            self.fit()  # which paints
            return
        self._canvas.show(self._scene, self._instead)
        if self.status != self._told and self.status is not None:
            self._told = self.status
            self.post_message(self.StatusChanged(self, self.status))

    def render_line(self, y: int) -> Strip:
        """Draw one line of the widget."""
        return self._canvas.strip(self._scene, self._instead, y)
