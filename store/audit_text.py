"""How an audit is told from others of its name: what it checks, with which arguments, for which stretch of time."""

from collections.abc import Mapping
from typing import Any

from store.models import Audit
from store.text import one_line

_COLUMNS = ("column", "columns", "column_name")


def arguments_text(arguments: Mapping[str, Any]) -> str:
    """What an audit was given, its columns first: `carrier, max_v 1000`; empty for one that was given nothing."""
    columns = [_value(arguments[name]) for name in _COLUMNS if name in arguments]
    return ", ".join(
        [*columns, *(f"{name} {_value(value)}" for name, value in arguments.items() if name not in _COLUMNS)]
    )


def distinction(audit: Audit) -> str:
    """What tells it from another of the same name on the same model: `carrier, max_v 1000, from 2013-04-01`."""
    since = audit.interval_start
    day = "" if since is None else f"from {since:%Y-%m-%d}" if _is_midnight(audit) else f"from {since:%Y-%m-%d %H:%M}"
    return ", ".join(part for part in (one_line(arguments_text(audit.arguments)), day) if part)


def _is_midnight(audit: Audit) -> bool:
    since = audit.interval_start
    return since is not None and (since.hour, since.minute) == (0, 0)


def _value(value: Any) -> str:
    if isinstance(value, list | tuple):
        return f"({', '.join(map(str, value))})"
    text = str(value)
    # SQLMesh says the expression of one column as it says that of several: in parentheses.
    return text[1:-1] if text.startswith("(") and text.endswith(")") and "," not in text else text
