"""Takes lines out of a log: as text to copy, as a file elsewhere, into another program."""

import asyncio
from collections.abc import Callable
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path

from textual.app import SuspendNotSupported
from textual.notifications import SeverityLevel
from textual.widget import Widget

from store.logs.log_file import FileUnreadable, Log
from tui.log.export import MOST_COPIED_LINES, copied_text, write_shown
from tui.log.filter import LineFilter
from tui.log.programs import CommandFor, NoProgram, file_of, run_in_terminal
from tui.log.reading import LogReading
from tui.screens.save_file import SaveScreen, save_with


class LogOutlet:
    """Does so for a widget, in its workers; tells the person what came of it."""

    def __init__(self, widget: Widget) -> None:
        self._widget = widget

    async def copied(self, reading: LogReading, first: int, last: int) -> tuple[str, int] | None:
        """The shown lines between two, by where they begin, and how many; None, and told, where they are unreadable."""
        try:
            text, count = await asyncio.to_thread(copied_text, reading.log, reading.filter, first, last)
        except FileUnreadable as error:
            self._tell_error(str(error))
            return None
        if count == MOST_COPIED_LINES:
            self._tell(f"Only the first {count:,} lines are copied: S saves more.", severity="warning")
        return text, count

    async def save(self, log: Log, shown: LineFilter | None) -> None:
        """Ask where to, and save the shown lines there; None for all."""
        with closing(log.another()) as reader:
            save = partial(save_with, write=partial(write_shown, reader, shown))
            saved = await self._widget.app.push_screen_wait(SaveScreen(Path(log.name), save))
        if saved is not None:
            self._tell(f"Saved as {saved}.")

    async def open(self, reading: LogReading, program: Callable[[], CommandFor]) -> None:
        """Open the shown lines in a program, at the place that is shown."""
        shown = reading.filter
        start = 0 if reading.here is None else reading.here.start
        try:
            command_for = await asyncio.to_thread(program)
            with ExitStack() as files:
                log = files.enter_context(closing(reading.log.another()))
                path = await asyncio.to_thread(files.enter_context, file_of(log, shown))
                line = 1 if shown is not None else await asyncio.to_thread(_line_number, log, start)
                command = command_for(path, line)
                with self._widget.app.suspend():
                    # The terminal is the program's: there is no screen that could be kept waiting.
                    code = run_in_terminal(command)
        except SuspendNotSupported:
            self._tell_error("This terminal cannot be lent to another program.")
        except (NoProgram, FileUnreadable) as error:
            self._tell_error(str(error))
        except OSError as error:
            self._tell_error(f"The log cannot be opened: {error.strerror}.")
        else:
            if code:
                self._tell(f"{command[0]} ended with exit {code}.", severity="warning")

    def _tell(self, message: str, severity: SeverityLevel = "information") -> None:
        self._widget.notify(message, severity=severity, markup=False)

    def _tell_error(self, message: str) -> None:
        self._tell(message, "error")


def _line_number(log: Log, start: int) -> int:
    log.refresh()
    return log.count_lines(0, start) + 1
