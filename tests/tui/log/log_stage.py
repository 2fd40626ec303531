"""Puts a log on a stage: an app of one log, what it shows, and files to show."""

import asyncio
from collections.abc import Callable
from datetime import UTC, tzinfo
from pathlib import Path

from textual.app import App, ComposeResult
from textual.pilot import Pilot

from store.logs.log_file import Log
from tui.widgets.log_pane import LogPane
from tui.widgets.log_view import LogView

EMPTY = "No log yet.\nIt appears when the step starts."


class LogApp(App[None]):
    """One log view, or with `pane` all that one does to a log; times are UTC. Notes what is asked for."""

    def __init__(self, log: Path | Log, follow: bool = True, *, pane: bool = False) -> None:
        super().__init__()
        self._log_shown = log
        self._follow = follow
        self._pane = LogPane(empty=EMPTY) if pane else None
        self._view = None if pane else LogView(log, empty=EMPTY, follow=follow)
        self.zone: tzinfo | None = UTC
        self.asked = 0
        self.copied: list[tuple[str, int]] = []
        self.left = 0

    BINDINGS = [("escape", "leave"), ("e", "leave")]  # noqa: RUF012 - as Textual has it

    def compose(self) -> ComposeResult:
        """The view alone, or the pane."""
        yield self._pane or self.view

    def on_mount(self) -> None:
        """The log, with the focus."""
        if self._pane is not None:
            self.view.show(self._log_shown, follow=self._follow)
        self.view.focus()

    @property
    def view(self) -> LogView:
        """The view."""
        return self._view or self.query_one(LogView)

    def on_line_view_search_asked(self) -> None:
        """Somebody wants to search, and the view has no place for it."""
        self.asked += 1

    def on_log_pane_copied(self, event: LogPane.Copied) -> None:
        """Lines are to be copied."""
        self.copied.append((event.text, event.lines))

    def action_leave(self) -> None:
        """A key that the log had no use for."""
        self.left += 1

    def lines(self) -> list[str]:
        """All that the view shows."""
        return [self.view.render_line(y).text.rstrip() for y in range(self.view.size.height)]

    def status(self) -> str:
        """The last line of the view."""
        return self.lines()[-1]

    def content(self) -> list[str]:
        """The lines of the log, without the map."""
        return [self.view.render_line(y).text[:-2].rstrip() for y in range(self.view.size.height - 1)]

    def map(self) -> str:
        """The map, from its top to its end."""
        return "".join(self.view.render_line(y).text[-1] for y in range(self.view.size.height - 1))


def line(number: int, level: str = "INFO") -> str:
    """A line of a log."""
    return f"2026-11-21T03:04:05.{number % 1000:03d}Z {level} [node_{number % 7}] message {number}\n"


def write_numbered(path: Path, count: int) -> None:
    """A log of lines from `message 0` on."""
    path.write_text("".join(line(number) for number in range(count)))


def append(path: Path, text: str) -> None:
    """A log grows."""
    with path.open("a") as file:
        file.write(text)


async def until(app: LogApp, pilot: Pilot[None], condition: Callable[[], object], what: str = "") -> None:
    """Lets the app go on until the condition holds, or fails saying what the view shows."""
    try:
        async with asyncio.timeout(10):
            while not condition():
                await pilot.pause(0.005)
    except TimeoutError:
        raise AssertionError("\n".join([f"waited for {what}; the view shows:", *app.lines()])) from None


async def until_shown(app: LogApp, pilot: Pilot[None], text: str) -> None:
    """Lets the app go on until the view shows a text."""
    await until(app, pilot, lambda: text in "\n".join(app.lines()), repr(text))


def numbers(app: LogApp) -> list[int]:
    """The numbers of the messages in view."""
    return [int(text.rsplit(" ", 1)[1]) for text in app.content() if text]
