"""Opens a log in the person's own pager or editor, at the place that is shown."""

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from store.logs.log_file import Log
from tui.log.export import write_shown
from tui.log.filter import LineFilter

_TAKE_A_LINE = frozenset({"vi", "vim", "nvim", "nano", "emacs", "micro", "kak", "joe", "ne", "pico", "mcedit", "less"})
"""Programs that go to a line with `+123`."""

_PAGERS = ("less", "more")
_EDITORS = ("vim", "vi", "nano")


class NoProgram(Exception):
    """There is nothing to open it with. Says what to do, in a sentence."""


CommandFor = Callable[[Path, int], list[str]]
"""The command that shows a file at a line, counted from 1."""


def pager(environment: Mapping[str, str] = os.environ) -> CommandFor:
    """With $PAGER, else with what most machines have. Raises NoProgram."""
    return _command_for(environment.get("PAGER"), _PAGERS, "PAGER")


def editor(environment: Mapping[str, str] = os.environ) -> CommandFor:
    """With $VISUAL or $EDITOR, else with what most machines have. Raises NoProgram."""
    return _command_for(environment.get("VISUAL") or environment.get("EDITOR"), _EDITORS, "EDITOR")


def _command_for(wanted: str | None, usual: Sequence[str], variable: str) -> CommandFor:
    try:
        words = shlex.split(wanted) if wanted else [name for name in usual if shutil.which(name)][:1]
    except ValueError as error:
        raise NoProgram(f"${variable} is {wanted!r}, which is no command: {error}.") from error
    if not words or shutil.which(words[0]) is None:
        raise NoProgram(f"{words[0] if words else usual[0]} is not installed: set ${variable} to a program that is.")
    takes_line = Path(words[0]).name in _TAKE_A_LINE
    return lambda path, line: [*words, *([f"+{line}"] if takes_line else ()), str(path)]


@contextmanager
def file_of(log: Log, shown: LineFilter | None) -> Iterator[Path]:
    """A file with the shown lines: the log's own, or one that is there as long as it is needed.

    Raises FileUnreadable and OSError.
    """
    path = log.path()
    if path is not None and shown is None:
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="runroom-") as folder:
        copy = Path(folder) / log.name
        with copy.open("wb") as target:
            write_shown(log, shown, target)
        yield copy


def run_in_terminal(command: Sequence[str]) -> int:
    """Run a program that has the terminal to itself; gives its exit code. Raises OSError."""
    return subprocess.run(command, check=False).returncode
