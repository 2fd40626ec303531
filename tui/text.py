"""Text of tools and files made safe for the terminal: it is data, never a command to the terminal, never markup.

Escape sequences are taken out whole, any other control character is shown as a symbol. Beside the C0 and C1
controls this holds for what reorders or hides text (bidirectional controls, see Unicode TR 36) and for what
cannot be encoded (lone surrogates of undecodable bytes).
"""

import re
from collections.abc import Iterable, Iterator

from rich.ansi import AnsiDecoder
from rich.cells import cell_len, set_cell_size
from rich.style import Style
from rich.text import Text

TAB_WIDTH = 8
ELLIPSIS = "…"
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

# Forms of ECMA-48: 5.4 control sequences, 5.6 control strings, ECMA-35 13.2 other escape sequences. The 8-bit
# forms (C1) mean the same to many terminals. Only complete sequences match: of an open one the ESC becomes a
# symbol and the rest stays readable, so that a stray byte cannot hide the text behind it.
_SGR = r"\x1b\[[0-9;:]{0,64}m"
_OPERATING_SYSTEM_COMMAND = r"(?:\x1b\]|\x9d)[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)"
_CONTROL_STRING = r"(?:\x1b[PX^_]|[\x90\x98\x9e\x9f])[^\x1b\x9c\n]*(?:\x1b\\|\x9c)"
_CONTROL_SEQUENCE = r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
_SHORT_ESCAPE = r"\x1b[ -/]*[0-~]"
_ANY = "|".join((_OPERATING_SYSTEM_COMMAND, _CONTROL_STRING, _CONTROL_SEQUENCE, _SHORT_ESCAPE))

_COLOUR = re.compile(_SGR)
_SEQUENCE = re.compile(_ANY)
_COLOUR_OR_SEQUENCE = re.compile(f"({_SGR})|{_ANY}")

_REORDERING = (0x061C, 0x200E, 0x200F, 0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_SYMBOLS = {
    **{code: chr(0x2400 + code) for code in range(0x20)},
    0x7F: "\N{SYMBOL FOR DELETE}",
    **dict.fromkeys(range(0x80, 0xA0), _REPLACEMENT),
    **dict.fromkeys((*_REORDERING, *range(0xD800, 0xE000)), _REPLACEMENT),
}
_NEITHER_BLINKING_NOR_HIDDEN = Style(blink=False, blink2=False, conceal=False)


def visible(text: str) -> str:
    """Every control character as one visible symbol, newlines and tabs included; the length stays the same."""
    return text if text.isprintable() else text.translate(_SYMBOLS)


def plain(text: str) -> str:
    """The text without escape sequences: lines as they were, tabs expanded, other controls as symbols.

    A line that was overwritten with carriage returns, as progress bars are, keeps its last state.
    """
    if text.isprintable():
        return text
    lines = _SEQUENCE.sub("", text).split("\n")
    return "\n".join("".join(_expanded([_last_state(line)])) for line in lines)


def one_line(text: str) -> str:
    """The text as `plain`, with all its white space, newlines too, as single spaces."""
    return " ".join(plain(text).split())


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
