"""Text of tools and files as a screen shows it: in cells, with tabs expanded, colours honoured where wanted.

What could command the terminal is taken out by `store.text`.
"""

import re
from collections.abc import Iterable, Iterator

from rich.ansi import AnsiDecoder
from rich.cells import cell_len, set_cell_size
from rich.style import Style
from rich.text import Text

from store.text import COLOUR_FORM, SEQUENCE_FORM, visible, without_sequences

TAB_WIDTH = 8
ELLIPSIS = "…"
_COLOUR = re.compile(COLOUR_FORM)
_COLOUR_OR_SEQUENCE = re.compile(f"({COLOUR_FORM})|{SEQUENCE_FORM}")

_NEITHER_BLINKING_NOR_HIDDEN = Style(blink=False, blink2=False, conceal=False)


def plain(text: str) -> str:
    """The text without escape sequences: lines as they were, tabs expanded, other controls as symbols.

    A line that was overwritten with carriage returns, as progress bars are, keeps its last state.
    """
    if text.isprintable():
        return text
    lines = without_sequences(text).split("\n")
    return "\n".join("".join(_expanded([_last_state(line)])) for line in lines)


def plain_with_colour(line: str) -> Text:
    """One line as `plain`, except that colours and weights (SGR) are honoured; nothing blinks or hides."""
    if line.isprintable():
        return Text(line, end="", no_wrap=True)
    coloured = _last_state(_COLOUR_OR_SEQUENCE.sub(lambda match: match[1] or "", line))
    decoder = AnsiDecoder()
    text = Text(end="", no_wrap=True)
    sequences = [*_COLOUR.findall(coloured), ""]
    for piece, sequence in zip(_expanded(_COLOUR.split(coloured)), sequences, strict=True):
        text.append(piece, decoder.style + _NEITHER_BLINKING_NOR_HIDDEN if decoder.style else None)
        decoder.decode_line(sequence)  # only the colour: what the text says never reaches the decoder
    return text


def cut(text: str, width: int) -> str:
    """The text in at most `width` cells, with an ellipsis where something was cut off; a wide character counts 2."""
    if width <= 0:
        return ""
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, width - 1) + ELLIPSIS


def _last_state(line: str) -> str:
    """What the last carriage return left, in the colours set before it; one at the line's end only ends the line."""
    before, _, after = line.rstrip("\r").rpartition("\r")
    return "".join(_COLOUR.findall(before)) + after


def _expanded(pieces: Iterable[str]) -> Iterator[str]:
    """Pieces of one line with their tabs expanded and their controls visible."""
    column = 0
    for piece in pieces:
        parts = []
        for number, part in enumerate(map(visible, piece.split("\t"))):
            spaces = TAB_WIDTH - column % TAB_WIDTH if number else 0
            parts.append(" " * spaces + part)
            column += spaces + cell_len(part)
        yield "".join(parts)
