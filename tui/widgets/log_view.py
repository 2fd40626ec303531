"""A log of any size, followed live or read anywhere."""

from functools import partial
from pathlib import Path
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import BindingType
from textual.cache import FIFOCache
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.timer import Timer
from textual.worker import Worker

from tui import keymap
from tui.log_file import FileUnreadable, LogLine
from tui.log_lines import line_text, status_text
from tui.log_reading import LogReading, LogStatus
from tui.log_search import Matcher, matcher
from tui.text import plain
from tui.widgets.line_view import LineView

POLL_SECONDS = 0.2
"""How often the file is looked at; a write is shown after half of that on average."""

_WHEEL_LINES = 3
_PAN_CELLS = 8
_LINES_KEPT = 1024
_STATUS_LINES = 1


class LogView(LineView):
    """Shows one log file at a time, in lines as they are in the file, and a line of status below.

    Nothing is read on the event loop, and of the file only what is around the view is in memory. `empty` is what
    the view says while there is no file: what would be there, and how it comes there.
    """

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("lists", "log")

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "log-view--empty",
        "log-view--match",
        "log-view--match-line",
        "log-view--status",
    }

    DEFAULT_CSS = """
    LogView {
        height: 1fr;
        overflow: hidden;
    }
    LogView > .log-view--empty { color: $text-muted; }
    LogView > .log-view--match { background: $warning; color: $background; }
    LogView > .log-view--match-line { background: $boost; }
    LogView > .log-view--status { color: $text-muted; }
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
        path: Path | None = None,
        *,
        empty: str = "",
        follow: bool = True,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._empty = empty
        self._reading = None if path is None else LogReading(path, follow=follow)
        self._reader: Worker[None] | None = None
        self._poll: Timer | None = None
        self._trouble = ""
        self._left = 0
        self._painted: tuple[object, ...] = ()
        self._told: LogStatus | None = None
        self._texts: FIFOCache[LogLine, Text] = FIFOCache(_LINES_KEPT)

    # What owners use

    @property
    def path(self) -> Path | None:
        """The file that is shown."""
        return None if self._reading is None else self._reading.path

    @property
    def status(self) -> LogStatus | None:
        """What the status line says; None while no file is shown."""
        return self._reading.status if self._reading is not None and self._reading.exists else None

    def show(self, path: Path | None, *, follow: bool = True, empty: str | None = None) -> None:
        """Show another file, from its end on if it is to be followed, else from its start."""
        self._empty = self._empty if empty is None else empty
        self._let_go_of_file()
        self._reading = None if path is None else LogReading(path, follow=follow)
        self._left, self._trouble = 0, ""
        self._texts.clear()
        if self._reading is not None:
            self._reading.resize(self._height)
        self._update()

    def search(self, pattern: str, regex: bool = False) -> None:
        """Go to the first match from the top of the view on, or the nearest before it, and count all lines with one.

        A pattern without capital letters matches them too; an empty one forgets the search. Raises BadPattern.
        """
        self.search_for(matcher(pattern, regex=regex) if pattern else None)

    def search_for(self, wanted: Matcher | None) -> None:
        """As `search`, with a matcher that is ready."""
        if self._reading is not None:
            self._reading.search(wanted)
            self._update()

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

    def keep_only(self, wanted: Matcher | None) -> None:
        """Show only lines that match, such as those of a level or a model; None shows all."""
        if self._reading is not None:
            self._reading.keep_only(wanted)
            self._update()

    def go_to_byte(self, offset: int, above: int = 0) -> None:
        """Show the line of a byte, below so many others; following lets go."""
        if self._reading is not None:
            self._reading.go_to(offset, above)
            self._update()

    def follow(self) -> None:
        """Go to the end and stay there."""
        if self._reading is not None:
            self._reading.follow()
            self._update()

    def look(self) -> None:
        """Look at the file now, without waiting for the next time that is done anyway."""
        if self._reading is not None:
            self._reading.look()
            self._update()

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
        if self._reading is not None:
            self._reading.move(lines)
            self._update()

    def _pan(self, cells: int) -> None:
        shown = () if self._reading is None else self._reading.window.shown(self._height)
        widest = max((self._text_of(line).cell_len for line in shown), default=0)
        self._left = max(0, min(self._left + cells, widest - self.size.width + 1))
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
        if self._reading is not None:
            self._reading.resize(self._height)
        self._update()

    @property
    def _height(self) -> int:
        return max(0, self.size.height - _STATUS_LINES)

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

    def _paint_changes(self) -> None:
        reading = self._reading
        shown = () if reading is None else reading.window.shown(self._height)
        match = None if reading is None else (reading.match_start, reading.wanted)
        painted = (shown, match, self._trouble, self.status is None)
        if painted != self._painted:
            self._painted = painted
            self.refresh()
        if self.status != self._told and self.status is not None:
            self._told = self.status
            self.refresh(Region(0, self.size.height - 1, self.size.width, 1))
            self.post_message(self.StatusChanged(self, self.status))

    # Drawing

    def render_line(self, y: int) -> Strip:
        """Draw one line of the widget."""
        width = self.size.width
        reading = self._reading
        if self._trouble or reading is None or not reading.exists:
            return self._message_strip(y, width)
        if y >= self._height:
            style = self.rich_style + self.get_component_rich_style("log-view--status", partial=True)
            return _strip(status_text(reading.status, width), style, 0, width, self)
        shown = reading.window.shown(self._height)
        if y >= len(shown):
            return Strip.blank(width, self.rich_style)
        return self._line_strip(shown[y], reading, width)

    def _message_strip(self, y: int, width: int) -> Strip:
        style = self.rich_style + self.get_component_rich_style("log-view--empty", partial=True)
        lines = plain(self._trouble or self._empty).splitlines()
        return _strip(Text(lines[y] if y < len(lines) else "", end=""), style, 0, width, self)

    def _line_strip(self, line: LogLine, reading: LogReading, width: int) -> Strip:
        text, style = self._text_of(line), self.rich_style
        if reading.wanted is not None:
            text = text.copy()
            for start, end in reading.wanted.spans(text.plain):
                text.stylize(self.get_component_rich_style("log-view--match", partial=True), start, end)
        if line.start == reading.match_start:
            style += self.get_component_rich_style("log-view--match-line", partial=True)
        return _strip(text, style, self._left, width, self)

    def _text_of(self, line: LogLine) -> Text:
        text = self._texts.get(line)
        if text is None:
            text = self._texts[line] = line_text(line)
        return text


def _strip(text: Text, style: Style, left: int, width: int, view: LogView) -> Strip:
    segments = Segment.apply_style(text.render(view.app.console), style)
    return Strip(segments).crop(left, left + width).extend_cell_length(width, style)
