"""Several logs as one: those of the steps of a run, each below a line that says which step it is."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from store.logs.log_file import Log, LogFile, LogState

HEADING = "── "
"""What a line begins with that says which step follows."""

_HEADING_WIDTH = 100
_NEWLINE = b"\n"


@dataclass(frozen=True, slots=True)
class LogPart:
    """One of the files, and what stands above it."""

    title: str
    path: Path


@dataclass(frozen=True, slots=True)
class _Extent:
    """Where one part begins in the whole, and what it is: a file from its start, or bytes of our own."""

    start: int
    size: int
    source: LogFile | bytes

    def read(self, offset: int, size: int) -> bytes:
        """Bytes of this part, from an offset in it."""
        size = min(size, self.size - offset)
        if isinstance(self.source, bytes):
            return self.source[offset : offset + size]
        return self.source.read(offset, size)


class JoinedLog(Log):
    """The logs of the steps of one run, in the order in which they ran, which is the order of time as well.

    Lines of two steps never interleave, so there is nothing to merge: one worker runs the steps of a run in turn; it
    writes every line itself, with its own clock, also what the tool, its hooks and its threads say; and it closes the
    log of a step, and ends what is left of its processes, before the next one begins. A retry is another run. Merging
    by the times in the lines could only do harm: a clock that is set back would tear lines out of their order.

    The last one may grow. When another one does, or is replaced, the offsets of before mean nothing any more.
    """

    def __init__(self, name: str, parts: Sequence[LogPart]) -> None:
        super().__init__(name)
        self.parts = tuple(parts)
        """As they are wanted; a part that begins comes behind the others."""
        self._files: dict[LogPart, LogFile] = {}
        self._extents: list[_Extent] = []
        self._states: list[LogState | None] = []
        self._generation = 0

    def refresh(self) -> LogState | None:
        """Look at all files again; None while none of them exists."""
        parts = self.parts
        self._files = {part: self._files.get(part) or LogFile(part.path) for part in parts}
        states = [file.refresh() for file in self._files.values()]
        if not self._is_growth(states):
            self._generation += 1
        self._states = states
        self._extents = self._laid_out()
        self.size = sum(extent.size for extent in self._extents)
        return LogState(self.size, self._generation) if self._extents else None

    def _is_growth(self, states: Sequence[LogState | None]) -> bool:
        """Whether everything that was there before is still where it was."""
        known = [number for number, state in enumerate(self._states) if state is not None and state.size]
        if not known:
            return True
        *earlier, last = known
        if any(states[number] != self._states[number] for number in earlier):
            return False
        if any(state is not None and state.size for number, state in enumerate(states[:last]) if number not in known):
            return False
        before, now = self._states[last], states[last]
        return now is not None and before is not None and now.generation == before.generation

    def _laid_out(self) -> list[_Extent]:
        extents: list[_Extent] = []
        for part, file in self._files.items():
            if not file.size:
                continue
            end = extents[-1].start + extents[-1].size if extents else 0
            heading = _heading(part.title, needs_newline=bool(extents) and self._lacks_newline(extents[-1]))
            extents.append(_Extent(end, len(heading), heading))
            extents.append(_Extent(end + len(heading), file.size, file))
        return extents

    @staticmethod
    def _lacks_newline(extent: _Extent) -> bool:
        return extent.read(extent.size - 1, 1) != _NEWLINE

    def read(self, start: int, size: int) -> bytes:
        """The bytes from an offset, of as many parts as they lie in."""
        pieces: list[bytes] = []
        number = max(0, bisect_right(self._extents, start, key=lambda extent: extent.start) - 1)
        while size > 0 and number < len(self._extents):
            extent = self._extents[number]
            piece = extent.read(start - extent.start, size)
            pieces.append(piece)
            start += len(piece)
            size -= len(piece)
            if start < extent.start + extent.size:
                break  # the file is shorter than it was
            number += 1
        return b"".join(pieces)

    def close(self) -> None:
        """Let go of all files."""
        for file in self._files.values():
            file.close()

    def another(self) -> "JoinedLog":
        """A reader of the same logs that nobody else uses."""
        return JoinedLog(self.name, self.parts)

    def path(self) -> None:
        """No file is this log."""


def _heading(title: str, needs_newline: bool) -> bytes:
    line = f"{HEADING}{title} ".ljust(_HEADING_WIDTH, "─")
    return (_NEWLINE if needs_newline else b"") + line.encode("utf-8", "replace") + _NEWLINE
