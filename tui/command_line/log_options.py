"""Which lines of a log the options of `runroom logs` ask for."""

import re

from engine.errors import UsageError
from store.logs.log_lines import LEVELS, LogFilter


def log_filter(model: str | None, level: str | None, pattern: str | None) -> LogFilter:
    """Raises UsageError for an unknown level and for a pattern that is no regular expression."""
    wanted = (level or LEVELS[0]).upper().replace("WARNING", "WARN")
    if wanted not in LEVELS:
        raise UsageError(f'There is no level "{level}"; known: {", ".join(LEVELS).lower()}.')
    try:
        compiled = re.compile(pattern) if pattern is not None else None
    except re.error as error:
        raise UsageError(f'"{pattern}" is no regular expression: {error}.') from error
    return LogFilter(model, wanted, compiled)
