"""Numbers of lines: counted in the background, kept for every block of bytes, to look up any place at once."""

import asyncio
from array import array
from bisect import bisect_left

from store.logs.log_file import Log

_BLOCK_BYTES = 64 * 1024
_STEP_BLOCKS = 128
_NEWLINE = b"\n"


class LineNumbers:
    """How many lines end before each block of a log that may grow: 8 bytes for 64 kB."""

    def __init__(self) -> None:
        self._ended = array("Q", [0])

    @property
    def counted_to(self) -> int:
        """Up to which offset lines were counted."""
        return (len(self._ended) - 1) * _BLOCK_BYTES

    def is_done(self, size: int) -> bool:
        """Whether all whole blocks of a log of this size were counted."""
        return self.counted_to + _BLOCK_BYTES > size

    def reaches(self, offset: int) -> bool:
        """Whether the number of the line of this offset is known."""
        return offset < self.counted_to + _BLOCK_BYTES

    def progress(self, size: int) -> float:
        """Which part of a log of this size was counted, 0 to 1."""
        return 1.0 if self.is_done(size) else self.counted_to / size

    async def step(self, log: Log) -> None:
        """Count a little further."""
        await asyncio.to_thread(self.count_on, log)

    # What follows reads from the disk: to be called from a thread.

    def count_on(self, log: Log) -> None:
        """Count a little further."""
        self._ended.extend(_count(log, self.counted_to, self._ended[-1]))

    def number_at(self, log: Log, start: int) -> int | None:
        """The number, from 1, of the line that begins at an offset; None while it was not counted so far."""
        if not self.reaches(start):
            return None
        block = start // _BLOCK_BYTES
        return self._ended[block] + log.read(block * _BLOCK_BYTES, start % _BLOCK_BYTES).count(_NEWLINE) + 1

    def offset_of(self, log: Log, number: int) -> int | None:
        """Where a line begins, the last one if there are fewer; None while it was not counted so far."""
        before = number - 1
        if before <= 0:
            return 0
        if before > self._ended[-1] and not self.is_done(log.size):
            return None
        block = bisect_left(self._ended, before) - 1
        start = block * _BLOCK_BYTES
        at = start + _behind_newline(log.read(start, _BLOCK_BYTES), before - self._ended[block])
        return at if at < log.size else log.line_start(max(0, log.size - 1))


def _count(log: Log, start: int, ended: int) -> list[int]:
    counts: list[int] = []
    for number in range(_STEP_BLOCKS):
        block = log.read(start + number * _BLOCK_BYTES, _BLOCK_BYTES)
        if len(block) < _BLOCK_BYTES:
            break
        ended += block.count(_NEWLINE)
        counts.append(ended)
    return counts


def _behind_newline(block: bytes, count: int) -> int:
    """Where the byte behind so many newlines is; the end, if there are fewer."""
    at = 0
    for _ in range(count):
        newline = block.find(_NEWLINE, at)
        if newline < 0:
            return len(block)
        at = newline + 1
    return at
