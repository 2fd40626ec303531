"""The plain-text log of one step: `2026-11-21T03:04:05.123Z LEVEL [node] message`."""

from pathlib import Path
from typing import TextIO

from engine.adapters.base import LogLevel
from engine.redaction import MASK, KeyBlock, Redactor
from store.clock import Clock, to_iso

LONGEST_LINE = 1_000_000
"""In characters; what is longer is cut, and says so."""


class StepLog:
    """Appends lines as they come, so that a follower sees them at once.

    Escape sequences are kept as the tool wrote them: whoever shows the log decides what to honour.
    """

    def __init__(self, path: Path, clock: Clock, redactor: Redactor) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._clock = clock
        self._redactor = redactor
        self._key_block = KeyBlock()
        self._file: TextIO = path.open("a", encoding="utf-8", errors="backslashreplace", buffering=1)

    def write(self, text: str, level: LogLevel = "INFO", node: str | None = None) -> None:
        """One entry; each further line of it gets the same head, so that a search finds it by node and level."""
        head = f"{to_iso(self._clock())} {level:<5} " + (f"[{node}] " if node else "")
        self._file.write("".join(f"{head}{_cut(line)}\n" for line in self._without_secrets(text)))

    def _without_secrets(self, text: str) -> list[str]:
        lines = (MASK if self._key_block.covers(line) else line for line in text.split("\n"))
        return self._redactor.text("\n".join(lines)).split("\n")

    def close(self) -> None:
        """The step is over."""
        self._file.close()


def _cut(line: str) -> str:
    line = line.rstrip("\r")
    if len(line) <= LONGEST_LINE:
        return line
    return f"{line[:LONGEST_LINE]} … [{len(line) - LONGEST_LINE:,} characters more]"
