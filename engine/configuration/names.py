"""How projects, environments and jobs may be called, and what somebody meant who called one by a wrong name."""

import re
from collections.abc import Iterable
from difflib import get_close_matches

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.\-]{0,99}")


def check_name(name: str) -> str:
    """The name itself. Raises ValueError when a reference could not spell it: a slash divides project from name."""
    if not _NAME.fullmatch(name):
        raise ValueError(
            f'"{name}" cannot be a name; use letters, digits, "_", "-" and "." and begin with a letter, a digit or "_"'
        )
    return name


def as_name(text: str) -> str:
    """The nearest text to `text` that can be a name: for what is detected rather than written."""
    cleaned = re.sub(r"[^A-Za-z0-9_.\-]+", "_", text).lstrip(".-")[:100]
    return cleaned or "project"


def suggestion(wrong: str, known: Iterable[str]) -> str:
    """How a sentence about an unknown name goes on: the nearest known one, or else all of them."""
    names = sorted(set(known))
    if nearest := get_close_matches(wrong, names, n=1, cutoff=0.6):
        return f'did you mean "{nearest[0]}"?'
    return f"known: {', '.join(names)}." if names else "none is known."
