"""What is learned of a whole log in the background: where its errors are, where its lines begin, when it began."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from store.logs.levels import ERRORS
from store.logs.log_file import Log, LogLine
from tui.log.finding import LineCounter
from tui.log.numbers import LineNumbers
from tui.log.times import first_time


class LogSurvey:
    """Facts about one log that may grow. Lines are only counted while somebody wants their numbers."""

    def __init__(self) -> None:
        self.errors = LineCounter(ERRORS)
        self.numbers = LineNumbers()
        self.start: datetime | None = None
        """The time of the first line."""
        self.wants_numbers = False
        self._started_at: int | None = None
        self._numbered: dict[int, int] = {}

    def begin_anew(self) -> None:
        """The log is another."""
        self.errors, self.numbers, self.start = LineCounter(ERRORS), LineNumbers(), None
        self._started_at, self._numbered = None, {}

    def number_of(self, line: LogLine) -> int | None:
        """The number of a line, from 1; None while it is not known."""
        return self._numbered.get(line.start)

    def lacks_number(self, shown: Sequence[LogLine]) -> bool:
        """Whether a number is wanted and can be had of one of these lines."""
        return self.wants_numbers and any(
            line.start not in self._numbered and self.numbers.reaches(line.start) for line in shown
        )

    async def number(self, log: Log, shown: Sequence[LogLine]) -> None:
        """Learn the numbers of these lines."""
        self._numbered = await asyncio.to_thread(self._numbers_of, log, shown)

    def lacks_count(self, size: int) -> bool:
        """Whether lines are to be counted that were not."""
        return self.wants_numbers and not self.numbers.is_done(size)

    def lacks_start(self, size: int) -> bool:
        """Whether a log of this size may say when it began, and was not asked."""
        return self.start is None and self._started_at != size

    async def learn_start(self, log: Log) -> None:
        """Learn when the log began: that decides whether there are times to show."""
        self._started_at = log.size
        self.start = await asyncio.to_thread(first_time, log)

    def _numbers_of(self, log: Log, shown: Sequence[LogLine]) -> dict[int, int]:
        numbers = ((line.start, self.numbers.number_at(log, line.start)) for line in shown)
        return {start: number for start, number in numbers if number is not None}
