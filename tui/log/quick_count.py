"""Counts matching lines many times faster with ripgrep or grep, where one is installed and means the same by a pattern.

Without them the count comes from the search itself, which goes on anyway: it knows where the matches are.
"""

import asyncio
import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

from store.logs.log_file import Log
from store.logs.matching import Matcher

LEAST_BYTES = 32 * 1024 * 1024
"""Below that our own search is as fast."""

_NO_MATCH = 1

_SAME_IN_BOTH = re.compile(
    r"(?:[\w \-/:;,='\"<>%@#!&~.*+?|()$^]"
    r"|\\[dswDSWb.*+?|()\[\]$^\\-]"
    r"|\[\^?(?:\w-\w|[\w :;,=.%/])+\])*",
    re.ASCII,
)
"""Expressions that Python's and ripgrep's syntax understand alike."""


def counts_quickly(log: Log, size: int, wanted: Matcher) -> bool:
    """Whether it is worth trying."""
    is_same = not wanted.is_regex or (_SAME_IN_BOTH.fullmatch(wanted.pattern) and "(?" not in wanted.pattern)
    return size >= LEAST_BYTES and log.path() is not None and wanted.pattern.isascii() and bool(is_same)


async def quick_count(log: Log, wanted: Matcher, size: int) -> int | None:
    """How many lines of a log of this size match; None where it changes meanwhile, or nothing can count."""
    counting = _Counting(log, wanted, size)
    try:
        return await asyncio.to_thread(counting.run)
    finally:
        counting.end()  # for when somebody types on: nobody waits for it any more


class _Counting:
    """One run of the program."""

    def __init__(self, log: Log, wanted: Matcher, size: int) -> None:
        self._path = log.path()
        self._wanted = wanted
        self._size = size
        self._process: subprocess.Popen[bytes] | None = None
        self._is_over = False

    def end(self) -> None:
        """Whatever it finds is not wanted any more."""
        self._is_over = True
        if self._process is not None:
            self._process.kill()

    def run(self) -> int | None:
        """Counts; to be called from a thread."""
        command = None if self._path is None else _command(self._path, self._wanted)
        if self._path is None or command is None:
            return None
        try:
            self._process = _start(command)
            if self._is_over:
                self._process.kill()
            output, _ = self._process.communicate()
            is_good = self._process.returncode in (0, _NO_MATCH) and self._path.stat().st_size == self._size
        except OSError:
            return None
        return int(output or 0) if is_good else None


@cache
def _program(name: str) -> str | None:
    return shutil.which(name)


def _command(path: Path, wanted: Matcher) -> list[str] | None:
    """The fastest command that counts the lines; None where there is none."""
    if program := _program("rg"):
        return [*_ripgrep(program, wanted), f"--regexp={wanted.pattern}", "--", str(path)]
    if (program := _program("grep")) and not wanted.is_regex:
        return [*_grep(program, wanted), "-e", wanted.pattern, "--", str(path)]
    return None


def _ripgrep(program: str, wanted: Matcher) -> list[str]:
    return [
        program, "--no-config", "--count", "--text", "--no-unicode", "--encoding=none",
        "--ignore-case" if wanted.ignores_case else "--case-sensitive",
        *(() if wanted.is_regex else ("--fixed-strings",)),
    ]  # fmt: skip


def _grep(program: str, wanted: Matcher) -> list[str]:
    """For texts only: its expressions are others."""
    return [program, "-c", "-a", "-F", *(("-i",) if wanted.ignores_case else ())]


def _start(command: list[str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        command,
        env={**os.environ, "LC_ALL": "C"},  # bytes are letters
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
