"""Reading a log by byte offsets: any place of a log of any size in the time of a few reads.

Nothing is mapped into memory, as a mapped file that is truncated kills the process, and nothing is indexed.
Every method reads from the disk: call them from a thread.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

LINE_BYTES_SHOWN = 8 * 1024
"""Of a longer line only so much is kept."""

_BLOCK_BYTES = 64 * 1024
_NEWLINE = b"\n"


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line: where it is in the file, and the bytes of it that can be shown."""

    start: int
    end: int
    """The offset behind the line and its newline."""
    content: bytes
    """Without the newline; of a line of over `LINE_BYTES_SHOWN` its beginning, or what it ended up with
    where it overwrote itself with carriage returns."""
    hidden: int
    """How many bytes of the line `content` leaves out."""
    complete: bool
    """Whether a newline ends it; the last line of a growing file may go on."""


@dataclass(frozen=True, slots=True)
class LogState:
    """What is known of a log file at one moment."""

    size: int
    generation: int
    """Rises when the file is replaced or truncated: offsets of before mean nothing any more."""


class FileUnreadable(Exception):
    """The file cannot be read. Says why, in a sentence."""


class Log:
    """The bytes of a log, read by lines. Every method may raise FileUnreadable; offsets are bytes from its start."""

    def __init__(self, name: str) -> None:
        self.name = name
        """What people call it."""
        self.size = 0
        """Bytes, as of the last `refresh`."""

    def refresh(self) -> LogState | None:
        """Look at it again, before anything is read; None while it does not exist."""
        raise NotImplementedError

    def read(self, start: int, size: int) -> bytes:
        """The bytes from an offset; fewer at the end, none of a log that is not there."""
        raise NotImplementedError

    def close(self) -> None:
        """Let go of the files; a later `refresh` opens them again."""
        raise NotImplementedError

    def another(self) -> "Log":
        """A reader of the same log that nobody else uses."""
        raise NotImplementedError

    def path(self) -> Path | None:
        """The one file that it is, byte for byte; None where it is none."""
        raise NotImplementedError

    def line_start(self, offset: int) -> int:
        """Where the line begins that the byte at `offset` belongs to; a newline belongs to the line that it ends."""
        before = min(offset, self.size)
        while before > 0:
            first = max(0, before - _BLOCK_BYTES)
            newline = self.read(first, before - first).rfind(_NEWLINE)
            if newline >= 0:
                return first + newline + 1
            before = first
        return 0

    def line_end(self, offset: int) -> int:
        """The offset behind the newline that ends the line of `offset`, or the end of the file."""
        start = offset
        while start < self.size:
            block = self.read(start, min(_BLOCK_BYTES, self.size - start))
            newline = block.find(_NEWLINE)
            if newline >= 0:
                return start + newline + 1
            if not block:
                break
            start += len(block)
        return self.size

    def lines_from(self, start: int, count: int) -> list[LogLine]:
        """At most `count` lines from `start` on, which must be where a line begins."""
        lines: list[LogLine] = []
        while len(lines) < count and start < self.size:
            block = self.read(start, min(_BLOCK_BYTES, self.size - start))
            if not block:
                break
            found = [line for line in islice(_split(block, start), count - len(lines)) if line.complete]
            lines += found or [self._long_line(start, self.line_end(start))]
            start = lines[-1].end
        return lines

    def lines_before(self, end: int, count: int) -> list[LogLine]:
        """At most `count` lines that end at `end`, which must be where a line begins or the end of the file."""
        lines: list[LogLine] = []
        while len(lines) < count and end > 0:
            first = max(0, end - _BLOCK_BYTES)
            block = self.read(first, end - first)
            if not block:
                break
            # The first line of the block is only whole when the file or the line before it ends there.
            cut = 0 if first == 0 else block.find(_NEWLINE, 0, -1) + 1
            if first and not cut:
                lines.append(self._long_line(self.line_start(end - 1), end))
            else:
                found = list(_split(block[cut:], first + cut))
                lines += reversed(found[-(count - len(lines)) :])
            end = lines[-1].start
        return lines[::-1]

    def count_lines(self, start: int, stop: int) -> int:
        """How many lines end between two offsets."""
        count = 0
        while start < stop and (block := self.read(start, min(_BLOCK_BYTES, stop - start))):
            count += block.count(_NEWLINE)
            start += len(block)
        return count

    def _long_line(self, start: int, end: int) -> LogLine:
        complete = self.read(end - 1, 1) == _NEWLINE
        length = end - start - complete
        head = self.read(start, min(length, LINE_BYTES_SHOWN))
        rest = max(0, length - len(head))
        tail_size = min(rest, LINE_BYTES_SHOWN)
        content = _shown_part(head + self.read(start + length - tail_size, tail_size))
        return LogLine(start, end, content, length - len(content), complete)


class LogFile(Log):
    """One log file, which may not exist yet, grow, be replaced or be truncated."""

    def __init__(self, path: Path) -> None:
        super().__init__(path.name)
        self._path = path
        self._generation = 0
        self._descriptor: int | None = None
        self._identity: tuple[int, int] | None = None

    def close(self) -> None:
        """Let go of the file; a later `refresh` opens it again."""
        if self._descriptor is not None:
            os.close(self._descriptor)
        self._descriptor = self._identity = None

    def refresh(self) -> LogState | None:
        """Look at the file again, before anything is read; None while it does not exist."""
        try:
            found = self._path.stat()
            if (found.st_dev, found.st_ino) != self._identity:
                self._open_again()
        except FileNotFoundError:
            self.close()
            return None
        except OSError as error:
            raise FileUnreadable(f"{self.name} cannot be read: {error.strerror}.") from error
        if found.st_size < self.size:
            self._generation += 1
        self.size = found.st_size
        return LogState(self.size, self._generation)

    def _open_again(self) -> None:
        self.close()
        self._descriptor = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        opened = os.fstat(self._descriptor)
        self._identity = (opened.st_dev, opened.st_ino)
        self._generation += 1
        self.size = 0

    def read(self, start: int, size: int) -> bytes:
        """The bytes from an offset; fewer at the end of the file, none of a file that is not open."""
        if self._descriptor is None or size <= 0:
            return b""
        try:
            return os.pread(self._descriptor, size, start)
        except OSError as error:
            raise FileUnreadable(f"{self.name} cannot be read: {error.strerror}.") from error

    def another(self) -> "LogFile":
        """A reader of the same file that nobody else uses."""
        return LogFile(self._path)

    def path(self) -> Path:
        """The file."""
        return self._path


def _split(block: bytes, offset: int) -> Iterator[LogLine]:
    """The lines of a block that is at `offset` of its file; the last may lack its newline."""
    start = 0
    while start < len(block):
        newline = block.find(_NEWLINE, start)
        end = newline + 1 if newline >= 0 else len(block)
        line = block[start : newline if newline >= 0 else end]
        content = _shown_part(line)
        yield LogLine(offset + start, offset + end, content, len(line) - len(content), newline >= 0)
        start = end


def _shown_part(line: bytes) -> bytes:
    """What is kept of a line: its beginning, or its last state where it overwrote itself lately."""
    if len(line) <= LINE_BYTES_SHOWN:
        return line
    tail = line[-LINE_BYTES_SHOWN:].rstrip(b"\r")
    overwritten = tail.rfind(b"\r")
    return tail[overwritten + 1 :] if overwritten >= 0 else line[:LINE_BYTES_SHOWN]
