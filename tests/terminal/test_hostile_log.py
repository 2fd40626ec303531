"""What a log contains never reaches the terminal as a command, except colours."""

import re
from pathlib import Path

import pytest

from tests.tui.terminal.pseudo_terminal import program, wait_until

LOG_APP = Path(__file__).with_name("log_app.py")

HOSTILE = [
    b"\x1b]0;OWNED\x07title",
    b"\x1b]52;c;T1dORUQ=\x1b\\clipboard",
    b"\x1b]8;;http://owned.example\x1b\\link\x1b]8;;\x1b\\",
    b"\x1b[6n\x1b[5i\x1b[2J\x1b[99;99H\x1bcreset",
    b'\x1bP$q"p\x1b\\device \x1b_owned\x1b\\control',
    "c1 \x9b2J\x9d0;OWNED\x9c\x90q\x9c".encode(),
    b"raw c1 \x9b2J\x9d0;OWNED\x9c",
    b"bell \x07 backspace \x08 so \x0e si \x0f nul \x00 del \x7f",
    "reorder \u202eOWNED\u2069".encode(),
    b"nested \x1b\x1b[2J[2J",
    b"open \x1b]0;OWNED",
    b"blink \x1b[5;8mhidden?\x1b[0m",
    b"colour \x1b[38;5;208mORANGE\x1b[0m end of log",
]
OWN_SEQUENCES = re.compile(
    rb"\x1b\[[0-9;]*m"  # colours
    rb"|\x1b\[\d+;\d+H"  # where to write
    rb"|\x1b\[\?[0-9;]+[hl]"  # modes
    rb"|\x1b\[\?\d+\$p"  # questions for modes
    rb"|\x1b\]22;default\x07"  # the mouse pointer
    rb"|\r\n"
)
CUT_OFF = re.compile(rb"\x1b(?:\[[0-9;?]*)?$")
"""A sequence of the frame that was being received."""
BLINKING_OR_HIDDEN = re.compile(rb"\x1b\[(?:[0-9]+;)*[568](?:;[0-9]+)*m")
WITHOUT_PALETTE = re.compile(rb"[34]8;(?:5;\d+|2;\d+;\d+;\d+)")


LOOKS = {
    "as it comes": (),
    "wrapped, numbered": ((b"w#", "wrapped"),),
    "as written": ((b"tttt", "end of log"),),
    "only what matches": ((b"/", "search the log"), (b"end\r", "1 line with /end"), (b"&++", "only matching ±2")),
    "a bad expression": ((b"/", "search the log"), (b"\x12(", "no regular expression")),
    "no place": ((b"\x07", "go to: 123"), (b"nowhere\r", "is no place")),
    "selected": ((b"mvjjj", "selecting"),),
}
"""Keys by what they make of the log, and what is on the screen then."""


@pytest.mark.parametrize("look", LOOKS)
def test_no_sequence_of_a_log_reaches_the_terminal_but_colours(look: str, tmp_path: Path) -> None:
    path = tmp_path / "hostile.log"
    path.write_bytes(b"\n".join(HOSTILE) + b"\n")
    with program(LOG_APP, str(path)) as terminal:
        terminal.wait_for("end of log")
        for keys, seen in LOOKS[look]:
            terminal.press(keys)
            terminal.wait_for(seen)
        wait_until(lambda: b"ORANGE" in terminal.received, "the last line")
        received = CUT_OFF.sub(b"", terminal.received)

    rest = OWN_SEQUENCES.sub(b"", received)
    assert b"\x1b" not in rest
    text = rest.decode()
    assert not [character for character in text if character < " " or "\x7f" <= character < "\xa0"]
    assert not {"\u202e", "\u2069"} & set(text)
    for harmless in ("title", "clipboard", "link", "reset", "device control", "hidden?", "ORANGE"):
        assert harmless in text
    colours = WITHOUT_PALETTE.sub(b"1", b"".join(OWN_SEQUENCES.findall(received)))
    assert not BLINKING_OR_HIDDEN.search(colours)
