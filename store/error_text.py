"""What matters in the error message of a tool or a database. Pure."""

import re

from store.text import one_line, plain

# dbt puts the place before the matter: "Runtime Error in model a (models/a.sql)", then the database's own words.
_PLACE_LINE = re.compile(r"^\s*[\w ]*(Error|Exception|Failure|Warning) in \w+ \S+ \(.*\)\s*$")
_DATABASE_LINE = re.compile(r"^\s*LINE (\d+):", re.MULTILINE)
_TRACEBACK = "Traceback (most recent call last):"


def error_line(error: str | None) -> str:
    """The one line of an error that says what is wrong, with the line of the SQL where the database names one."""
    lines = matter_lines(error)
    if not lines:
        return ""
    matter = f"{lines[0]} {lines[1]}" if lines[0].endswith(":") and len(lines) > 1 else lines[0]
    at = _DATABASE_LINE.search(plain(error or ""))
    return f"{matter} (line {at[1]})" if at else matter


def matter_lines(error: str | None) -> list[str]:
    """The lines of an error that are not empty, without the place in front and without a traceback's frames."""
    lines = [line for line in plain(error or "").splitlines() if line.strip()]
    lines = [one_line(line) for line in _without_frames(lines)]
    return lines[1:] if len(lines) > 1 and _PLACE_LINE.match(lines[0]) else lines


def _without_frames(lines: list[str]) -> list[str]:
    """What follows the frames of the last traceback: the exception that was not caught."""
    last = max((number for number, line in enumerate(lines) if line.strip() == _TRACEBACK), default=None)
    if last is None:
        return lines
    outside = _indentation(lines[last])
    after = (number for number, line in enumerate(lines) if number > last and _indentation(line) <= outside)
    return lines[next(after, 0) :]


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip())
