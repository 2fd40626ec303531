"""Whether a view stays at the end of a growing log, and how much came since it does not."""

import asyncio

from store.logs.log_file import Log

_COUNT_BYTES = 16 * 1024 * 1024
"""How much one step counts lines in."""


class Following:
    """The end of one log, as one view follows it."""

    def __init__(self, is_on: bool) -> None:
        self.is_on = is_on
        self.new_lines = 0
        """So many came since following let go, as far as they were counted."""
        self._counted_to = 0

    def begin(self) -> None:
        """Stay at the end: nothing is new any more."""
        self.is_on, self.new_lines = True, 0

    def let_go(self, size: int) -> None:
        """Stay where one is; what comes behind this size is new."""
        if self.is_on:
            self.is_on = False
            self._counted_to, self.new_lines = size, 0

    def begin_anew(self, size: int) -> None:
        """The log is another; what is in the first so many bytes is not new."""
        self._counted_to, self.new_lines = size, 0

    def wants_count(self, size: int) -> bool:
        """Whether there are lines to count in a log of this size."""
        return not self.is_on and self._counted_to < size

    async def count(self, log: Log, size: int) -> None:
        """Count a little further. Raises FileUnreadable."""
        start = self._counted_to
        stop = min(start + _COUNT_BYTES, size)
        count = await asyncio.to_thread(log.count_lines, start, stop)
        if self._counted_to == start and not self.is_on:
            self._counted_to = stop
            self.new_lines += count
