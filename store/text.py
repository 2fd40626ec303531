"""Text from tools, files and logs is data: here it loses its power over a terminal.

Escape sequences are taken out whole, any other control character is shown as a symbol. Beside the C0 and C1
controls this holds for what reorders or hides text (bidirectional controls, see Unicode TR 36) and for what
cannot be encoded (lone surrogates of undecodable bytes).
"""

import re

# Forms of ECMA-48: 5.4 control sequences, 5.6 control strings, ECMA-35 13.2 other escape sequences. The 8-bit
# forms (C1) mean the same to many terminals. Only complete sequences match: of an open one the ESC becomes a
# symbol and the rest stays readable, so that a stray byte cannot hide the text behind it.
COLOUR_FORM = r"\x1b\[[0-9;:]{0,64}m"
"""Of all sequences the one that a screen may honour (SGR): colours and weights."""
_OPERATING_SYSTEM_COMMAND = r"(?:\x1b\]|\x9d)[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)"
_CONTROL_STRING = r"(?:\x1b[PX^_]|[\x90\x98\x9e\x9f])[^\x1b\x9c\n]*(?:\x1b\\|\x9c)"
_CONTROL_SEQUENCE = r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
_SHORT_ESCAPE = r"\x1b[ -/]*[0-~]"
SEQUENCE_FORM = "|".join((_OPERATING_SYSTEM_COMMAND, _CONTROL_STRING, _CONTROL_SEQUENCE, _SHORT_ESCAPE))
"""Any escape sequence."""

_SEQUENCE = re.compile(SEQUENCE_FORM)
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_REORDERING = (0x061C, 0x200E, 0x200F, 0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_SYMBOLS = {
    **{code: chr(0x2400 + code) for code in range(0x20)},
    0x7F: "\N{SYMBOL FOR DELETE}",
    **dict.fromkeys(range(0x80, 0xA0), _REPLACEMENT),
    **dict.fromkeys((*_REORDERING, *range(0xD800, 0xE000)), _REPLACEMENT),
}
_SYMBOLS_BUT_SPACING = {code: symbol for code, symbol in _SYMBOLS.items() if chr(code) not in "\n\t"}


def visible(text: str) -> str:
    """Every control character as one visible symbol, newlines and tabs included; the length stays the same."""
    return text if text.isprintable() else text.translate(_SYMBOLS)


def without_sequences(text: str) -> str:
    """The text without its escape sequences; other controls stay."""
    return _SEQUENCE.sub("", text)


def plain(text: str) -> str:
    """The text without escape sequences; other control characters (but line end and tab) become visible symbols."""
    if text.isprintable():
        return text
    return without_sequences(text.replace("\r\n", "\n")).translate(_SYMBOLS_BUT_SPACING)


def one_line(text: str) -> str:
    """`plain`, with every stretch of white space as one blank."""
    return " ".join(plain(text).split())
