"""What makes a terminal call for its person: the bell, and a notification on the desktop.

OSC 9 is what iTerm2, Windows Terminal, WezTerm, kitty, Ghostty and foot show as a notification; others ignore it.
"""

from collections.abc import Mapping

from store.text import one_line

BELL = "\a"
_ESCAPE = "\x1b"
_LONGEST = 200
"""Characters; terminals cut what is longer, or refuse it."""


def notification(text: str, environ: Mapping[str, str]) -> str:
    """What is to be written to the terminal that `environ` describes; nothing in `text` can command it.

    tmux and screen keep such a sequence for themselves unless it is wrapped; tmux hands it on with
    `allow-passthrough on`. The bell goes through both, which may show it in their own way.
    """
    sequence = f"{_ESCAPE}]9;{one_line(text)[:_LONGEST]}{BELL}"
    if environ.get("TMUX"):
        doubled = sequence.replace(_ESCAPE, _ESCAPE * 2)
        return f"{BELL}{_ESCAPE}Ptmux;{doubled}{_ESCAPE}\\"
    if environ.get("STY"):
        return f"{BELL}{_ESCAPE}P{sequence}{_ESCAPE}\\"
    return f"{BELL}{sequence}"
