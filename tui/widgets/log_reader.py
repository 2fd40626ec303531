"""Reads a log for a widget that shows it, as long as there is something that it wants to know."""

from collections.abc import Callable
from functools import partial

from textual.widget import Widget
from textual.worker import Worker

from store.logs.log_file import FileUnreadable
from store.logs.matching import Matcher
from tui.log.quick_count import counts_quickly, quick_count
from tui.log.reading import LogReading


class LogReader:
    """Takes the steps of one reading at a time in workers of a widget.

    `show` is called after those that the view waited for, and in the end: counting in the background would be slower
    by half if each of its many steps were painted, and whoever looks at the log again and again paints it anyway.
    """

    def __init__(self, widget: Widget, show: Callable[[], None]) -> None:
        self.reading: LogReading | None = None
        self.trouble = ""
        """Why the log cannot be read, in a sentence; empty while it can."""
        self._widget = widget
        self._show = show
        self._worker: Worker[None] | None = None

    def take(self, reading: LogReading | None) -> None:
        """Read this from now on, and let go of what was read before."""
        if self._worker is not None:
            self._worker.cancel()
        if self.reading is not None:
            self.reading.close()
        self._worker, self.reading, self.trouble = None, reading, ""

    def go_on(self) -> None:
        """Read what is wanted, unless that is being done."""
        reading, worker = self.reading, self._worker
        if reading is None or not self._widget.is_running or not reading.wants_step():
            return
        if worker is None or worker.is_finished:
            self._worker = self._widget.run_worker(partial(self._read, reading), name="log")

    def count(self, wanted: Matcher) -> None:
        """Count the matching lines with another program, where that is faster."""
        reading = self.reading
        if reading is not None and counts_quickly(reading.log, reading.size, wanted):
            reading.seeking.is_counted_elsewhere = True
            self._widget.run_worker(self._count(reading, wanted), group="count", exclusive=True)

    async def _read(self, reading: LogReading) -> None:
        while reading is self.reading and reading.wants_step():
            is_for_view = reading.lacks_for_view()
            try:
                await reading.step()
            except FileUnreadable as error:
                self.trouble = str(error)
                self._show()
                return  # the next look tries again
            self.trouble = ""
            if is_for_view:
                self._show()
        self._show()

    async def _count(self, reading: LogReading, wanted: Matcher) -> None:
        size = reading.size
        reading.seeking.take_count(wanted, await quick_count(reading.log, wanted, size), size)
        self._show()
        self.go_on()
