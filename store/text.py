"""Text from tools, files and logs is data: here it loses its power over a terminal."""

import re

# CSI, OSC (ended by BEL or ST), the other string sequences, and two-character escapes. An unfinished one goes to the
# end of its line and no further: what a tool says next is not its content.
_ESCAPE_SEQUENCES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"
    r"|\x1b\][^\x07\x1b\n]*(?:\x07|\x1b\\|(?=\n)|\Z)"
    r"|\x1b[PX^_][^\x1b\n]*(?:\x1b\\|(?=\n)|\Z)"
    r"|\x1b[ -/]*[0-~]"
    r"|\x9b[0-?]*[ -/]*[@-~]"
    r"|\x9d[^\x07\x9c\n]*(?:\x07|\x9c|(?=\n)|\Z)"
)
_KEPT = "\n\t"
_SYMBOLS = {code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in _KEPT} | {0x7F: "␡"}
_SYMBOLS |= dict.fromkeys(range(128, 160), "�")
# Direction overrides can make one text look like another.
_SYMBOLS |= dict.fromkeys((*range(8234, 8239), *range(8294, 8298)), "�")


def plain(text: str) -> str:
    """The text without escape sequences; other control characters (but line end and tab) become visible symbols."""
    if text.isascii() and text.isprintable():
        return text
    return _ESCAPE_SEQUENCES.sub("", text.replace("\r\n", "\n")).translate(_SYMBOLS)


def one_line(text: str) -> str:
    """`plain`, with every stretch of white space as one blank."""
    return " ".join(plain(text).split())
