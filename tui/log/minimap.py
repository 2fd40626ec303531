"""Where in a log something lies, in as many cells as a column has: kept for a log that grows, in little memory."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from tui.formats import BAD, MUTED, WARNING

_PARTS = 1024
"""Into so many parts, at least half of them in use, a log is divided."""

_FIRST_PART_BYTES = 64


class Spots:
    """Parts of a log that have something; the parts grow with the log."""

    def __init__(self) -> None:
        self._part_bytes = _FIRST_PART_BYTES
        self._hit = bytearray(_PARTS)

    def add(self, offsets: Iterable[int]) -> None:
        """Something lies at these offsets."""
        for offset in offsets:
            while offset >= self._part_bytes * _PARTS:
                self._hit = bytearray(map(max, self._hit[::2], self._hit[1::2])).ljust(_PARTS, b"\0")
                self._part_bytes *= 2
            self._hit[offset // self._part_bytes] = 1

    def cells(self, count: int, size: int) -> tuple[bool, ...]:
        """For each of so many equal shares of a log of this size, whether something lies in it."""
        # Rounded up, so that an offset lies in the cell that `cell_of` says.
        bounds = [-(-size * cell // count) for cell in range(count + 1)]
        return tuple(self._has(start, stop) for start, stop in pairwise(bounds))

    def _has(self, start: int, stop: int) -> bool:
        if stop <= start:
            return False
        return any(self._hit[start // self._part_bytes : (stop - 1) // self._part_bytes + 1])


def cell_of(offset: int, count: int, size: int) -> int:
    """In which of so many equal shares of a log an offset lies."""
    return min(count - 1, offset * count // size) if size else 0


@dataclass(frozen=True, slots=True)
class MapCell:
    """One cell of the map of a log."""

    has_error: bool = False
    has_match: bool = False
    is_in_view: bool = False

    @property
    def glyph(self) -> str:
        """What the cell shows; errors matter more than matches, and these more than where one is."""
        return "■" if self.has_error else "•" if self.has_match else "│" if self.is_in_view else " "

    @property
    def style(self) -> str:
        """In which colour."""
        return BAD if self.has_error else WARNING if self.has_match else MUTED


def map_cells(
    count: int, size: int, in_view: tuple[int, int], errors: Spots, matches: Spots | None
) -> tuple[MapCell, ...]:
    """The map of a log of a size in `count` cells; none where all of it is in view anyway."""
    start, end = in_view
    if not size or (start == 0 and end >= size):
        return ()
    first, last = cell_of(start, count, size), cell_of(max(start, end - 1), count, size)
    with_match = (False,) * count if matches is None else matches.cells(count, size)
    return tuple(
        MapCell(has_error, has_match, first <= number <= last)
        for number, (has_error, has_match) in enumerate(zip(errors.cells(count, size), with_match, strict=True))
    )
