"""Long lines of text as rows of a screen, so that whole sentences are read without scrolling sideways. Pure."""

from collections.abc import Iterable

from rich.cells import cell_len, chop_cells
from rich.text import Text


def folded(line: Text, width: int, hanging: Text | None = None) -> list[Text]:
    """The line in rows of at most `width` cells, broken between words where it can be.

    `hanging` begins all rows but the first; without it they stand as deep as the line itself does.
    """
    if line.cell_len <= width:
        return [line]
    if hanging is None:
        hanging = Text(" " * (len(line.plain) - len(line.plain.lstrip(" "))))
    hanging = hanging[: width // 2]
    rows = list(line.divide(_breaks(line.plain, width, hanging)))
    for row in rows:
        row.rstrip()
    return [rows[0], *(hanging.copy().append_text(row) for row in rows[1:])]


def all_folded(lines: Iterable[Text], width: int) -> list[Text]:
    """All the lines, those folded that are too long."""
    return [row for line in lines for row in folded(line, width)]


def _breaks(text: str, width: int, hanging: Text) -> list[int]:
    """Behind how many characters a new row begins, so that none is wider than `width` cells with what hangs before."""
    breaks: list[int] = []
    begin, room, word = 0, width, len(hanging.plain)
    # One character more than there are cells says whether the rest fits: a line of a megabyte is not read again a row.
    while len(piece := text[begin : begin + room + 1]) > room or cell_len(piece) > room:
        blank = piece.rfind(" ", word + 1)
        begin += blank if blank > 0 and cell_len(piece[:blank]) <= room else len(chop_cells(piece, room)[0])
        while text[begin : begin + 1] == " ":
            begin += 1
        if begin >= len(text):
            break
        breaks.append(begin)
        room, word = width - hanging.cell_len, 0
    return breaks
