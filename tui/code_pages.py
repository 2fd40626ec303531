"""Texts to be looked at: small ones whole, large ones a page at a time. Everything here reads: call it in a thread."""

import re
from array import array
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from rich.text import Text

from store.logs.log_file import FileUnreadable, LogFile
from store.logs.matching import Matcher
from store.wording import byte_size
from tui.code_colours import coloured, language_of

PAGE_LINES = 256

_MEMORY_BYTES = 8 * 1024 * 1024
"""A larger file stays on the disk."""

_COLOURED_WHOLE = 128 * 1024
"""Of a longer text each page is coloured on its own, so that the first is there at once."""

_LINE_TOO_LONG = 2000
"""JSON with a line longer than this was written for machines."""

_BLOCK_BYTES = 256 * 1024
_JSON_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+|"', re.DOTALL)
_INDENT = "  "


class CodePages(Protocol):
    """A text by pages of `PAGE_LINES` lines. May raise FileUnreadable."""

    line_count: int
    reindented: bool
    """Whether the lines are not those of the file."""

    def lines(self, page: int) -> Sequence[str]:
        """The lines of a page as they are."""

    def texts(self, page: int) -> Sequence[Text]:
        """The lines of a page as they are shown."""

    def close(self) -> None:
        """Let go of the file, if there is one."""


class TextPages:
    """Pages of a text in memory."""

    def __init__(self, text: str, language: str | None, *, reindented: bool = False) -> None:
        self._lines = text.removesuffix("\n").split("\n") if text else []
        self.line_count = len(self._lines)
        self.reindented = reindented
        self._language = language
        self._whole = coloured(self._lines, language) if len(text) <= _COLOURED_WHOLE else None

    def lines(self, page: int) -> Sequence[str]:
        """The lines of a page as they are."""
        return self._lines[page * PAGE_LINES : (page + 1) * PAGE_LINES]

    def texts(self, page: int) -> Sequence[Text]:
        """The lines of a page as they are shown."""
        if self._whole is not None:
            return self._whole[page * PAGE_LINES : (page + 1) * PAGE_LINES]
        return coloured(self.lines(page), self._language)

    def close(self) -> None:
        """Nothing to let go of."""


class FilePages:
    """Pages of a large file. Of lines longer than `log_file.LINE_BYTES_SHOWN` only the beginning is shown."""

    reindented = False

    def __init__(self, file: LogFile, language: str | None) -> None:
        self._file = file
        self._language = language
        self._starts, self.line_count = _page_starts(file)

    def lines(self, page: int) -> Sequence[str]:
        """The lines of a page as they are."""
        lines = self._file.lines_from(self._starts[page], PAGE_LINES)
        return [line.content.decode("utf-8", errors="replace") for line in lines]

    def texts(self, page: int) -> Sequence[Text]:
        """The lines of a page as they are shown."""
        return coloured(self.lines(page), self._language)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def open_pages(path: Path, language: str | None = None) -> CodePages:
    """The pages of a file; the language is that of its name unless given. Raises FileUnreadable."""
    file = LogFile(path)
    if file.refresh() is None:
        raise FileUnreadable(f"{path} does not exist.")
    language = language or language_of(path)
    if b"\0" in file.read(0, _BLOCK_BYTES):
        file.close()
        raise FileUnreadable(f"{path.name} is not a text: {byte_size(file.size)}.")
    if file.size > _MEMORY_BYTES:
        return FilePages(file, language)
    text = file.read(0, file.size).decode("utf-8", errors="replace").replace("\r\n", "\n")
    file.close()
    for_machines = language == "json" and max(map(len, text.split("\n"))) > _LINE_TOO_LONG
    return TextPages(reindented(text) if for_machines else text, language, reindented=for_machines)


def matching_lines(pages: CodePages, page: int, wanted: Matcher) -> list[int]:
    """Numbers, from 0, of the lines of a page that match."""
    first = page * PAGE_LINES
    return [first + place for place, line in enumerate(pages.lines(page)) if wanted.in_text.search(line)]


def reindented(text: str) -> str:
    """JSON with one value a line. Only the space between its tokens changes, whether they are valid JSON or not."""
    parts: list[str] = []
    depth = 0
    before = ""
    for token in _JSON_TOKEN.findall(text):
        if before == "," or (before in ("{", "[") and token not in ("}", "]")):
            parts.append("\n" + _INDENT * depth)
        elif token in ("}", "]") and before not in ("{", "["):
            parts.append("\n" + _INDENT * (depth - 1))
        elif before and before not in ("{", "[") and token not in (",", ":"):
            parts.append(" ")
        parts.append(token)
        depth = max(0, depth + (token in ("{", "[")) - (token in ("}", "]")))
        before = token
    return "".join(parts)


def _page_starts(file: LogFile) -> tuple[Sequence[int], int]:
    """Where every page of a file begins, and how many lines there are."""
    starts = array("Q", [0])
    lines = offset = 0
    while offset < file.size and (block := file.read(offset, _BLOCK_BYTES)):
        count = block.count(b"\n")
        if lines // PAGE_LINES != (lines + count) // PAGE_LINES:
            _add_page_starts(starts, block, offset, lines)
        lines += count
        offset += len(block)
    unfinished = file.size > 0 and file.read(file.size - 1, 1) != b"\n"
    return starts, lines + unfinished


def _add_page_starts(starts: "array[int]", block: bytes, offset: int, lines: int) -> None:
    """Add the starts of the pages that begin in a block, before which there are so many lines."""
    at = -1
    for number in range(lines + 1, lines + block.count(b"\n") + 1):
        at = block.find(b"\n", at + 1)
        if number % PAGE_LINES == 0:
            starts.append(offset + at + 1)
