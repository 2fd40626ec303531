"""Finds the line of a model's SQL that a database complained about."""

import re

_POSITION = re.compile(r"^\s*LINE (\d+): ?(.*)$", re.MULTILINE)
_CUT = "..."
_SHORTEST_EXCERPT = 3


def failing_line(error: str, sql: str) -> int | None:
    """The number, from 1, of the line in `sql` that `error` names; None where it names none.

    DuckDB and PostgreSQL count the lines of the statement that was sent, which the tool wraps around the model's own
    SQL, so the excerpt that they print decides and the number only chooses between equal lines.
    """
    found = _POSITION.search(error)
    if found is None:
        return None
    number, excerpt = int(found[1]), found[2].strip().removeprefix(_CUT).removesuffix(_CUT).strip()
    lines = sql.splitlines()
    if len(excerpt) < _SHORTEST_EXCERPT:
        return number if number <= len(lines) else None
    same = [place for place, line in enumerate(lines, 1) if excerpt in line]
    return min(same, key=lambda place: abs(place - number), default=None)
