"""The log files of a run: which there are, what they say, and what is added to them."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from store.errors import NotInRecord
from store.logs.log_lines import LogFilter, LogLine, LogParser

_SUFFIX = ".log"


def log_files(folder: Path) -> list[Path]:
    """The logs in this folder in the order of their steps; none where there is no such folder."""
    return sorted(folder.glob(f"*{_SUFFIX}"))


def step_name(file: Path) -> str:
    """The step that a log is of: `01-deps.log` is of `deps`."""
    return file.stem.partition("-")[2] or file.stem


def is_of_step(file: Path, step: str) -> bool:
    """Whether a log is of this step, named as `deps`, `1` or `01-deps`."""
    number, _, name = file.stem.partition("-")
    return step in (file.stem, name) or (step.isdecimal() and number.isdecimal() and int(step) == int(number))


def read_lines(file: Path) -> Iterator[str]:
    """The lines of a log that is complete, without their ends. Raises OSError."""
    with file.open(encoding="utf-8", errors="replace", newline="\n") as stream:
        for line in stream:
            yield line.removesuffix("\n")


class NoSuchLog(NotInRecord):
    """The step has no log; the text is one sentence that names those that have one."""


def logs_of_step(files: list[Path], step: str | None) -> list[Path]:
    """The logs of this step, of all steps where none is named. Raises NoSuchLog where only others have one."""
    chosen = [file for file in files if step is None or is_of_step(file, step)]
    if files and not chosen:
        raise NoSuchLog(f'The run has no log of a step "{step}"; it has {", ".join(map(step_name, files))}.')
    return chosen


def sieved(files: Iterable[Path], wanted: LogFilter) -> Iterator[tuple[Path, LogLine]]:
    """The lines of complete logs that a filter lets through, each with its log. Raises OSError."""
    for file in files:
        parser = LogParser()
        for raw in read_lines(file):
            line = parser.parse(raw)
            if wanted.lets_through(line):
                yield file, line


class LogTail:
    """Reads one log on from where it was read to; a last line without its end waits for it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._offset = 0
        self._pending = b""

    def new_lines(self, complete: bool = False) -> list[str]:
        """The lines that came since the last time; with `complete`, also a last one that has no end.

        Raises OSError.
        """
        with self._file.open("rb") as stream:
            stream.seek(self._offset)
            content = stream.read()
        self._offset += len(content)
        *lines, self._pending = (self._pending + content).split(b"\n")
        if complete and self._pending:
            lines.append(self._pending)
            self._pending = b""
        return [line.decode("utf-8", "replace") for line in lines]


class LogsTail:
    """Reads the logs of a run on from where they were read to: those of a step, and what a filter lets through."""

    def __init__(self, folder: Path, step: str | None, wanted: LogFilter) -> None:
        self._folder = folder
        self._step = step
        self._wanted = wanted
        self._tails: dict[Path, tuple[LogTail, LogParser]] = {}

    def new_lines(self, complete: bool = False) -> Iterator[LogLine]:
        """The lines that came since the last time, in logs that came since, too; `complete` as LogTail has it.

        Raises OSError.
        """
        for file in log_files(self._folder):
            if self._step is not None and not is_of_step(file, self._step):
                continue
            tail, parser = self._tails.setdefault(file, (LogTail(file), LogParser()))
            for raw in tail.new_lines(complete):
                line = parser.parse(raw)
                if self._wanted.lets_through(line):
                    yield line
