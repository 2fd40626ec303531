"""One of dbt's own events, as its JSON log and the shim's descriptor have them, read without trusting its shape."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

SELECTED_NODES = "SelectedNodes"
"""Name of the shim's own event: `data.nodes` are the unique ids that this command is going to execute."""

STORED_FAILURES = "StoredFailures"
"""Name of the shim's own event: `data.columns` and `data.rows` are some of what the test stored."""

_TOO_LARGE = 2**63


@dataclass(frozen=True, slots=True)
class ToolEvent:
    """An event of dbt. `code` and `name` are dbt's; `node` is the unique id that it is about, where there is one."""

    code: str = ""
    name: str = ""
    level: str = "info"
    text: str = ""
    at: datetime | None = None
    thread: str | None = None
    invocation: str | None = None
    node: str | None = None
    node_name: str | None = None
    materialized: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def result(self) -> Mapping[str, Any]:
        """What dbt says of a node that it has finished."""
        return mapping(self.data.get("run_result"))


def read_event(line: bytes) -> ToolEvent | None:
    """The event on this line; None when the line is no event of dbt's."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict) or not isinstance(value.get("info"), dict):
        return None
    return event_of(value)


def event_of(value: Mapping[str, Any]) -> ToolEvent:
    """The event that this decoded JSON object holds."""
    info, data = mapping(value.get("info")), mapping(value.get("data"))
    node = mapping(data.get("node_info"))
    return ToolEvent(
        code=text(info.get("code")) or "",
        name=text(info.get("name")) or "",
        level=text(info.get("level")) or "info",
        text=text(info.get("msg")) or "",
        at=moment(info.get("ts")),
        thread=text(info.get("thread")),
        invocation=text(info.get("invocation_id")),
        node=text(node.get("unique_id")),
        node_name=text(node.get("node_name")),
        materialized=text(node.get("materialized")),
        data=data,
    )


def mapping(value: Any) -> Mapping[str, Any]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def text(value: Any) -> str | None:
    """The value if it is a text that is not empty."""
    return _encodable(value) if isinstance(value, str) and value else None


def clean(value: Any) -> Any:
    """Any JSON value, with its texts such that they can be written again."""
    match value:
        case str():
            return _encodable(value)
        case dict():
            return {_encodable(name): clean(item) for name, item in value.items()}
        case list():
            return [clean(item) for item in value]
        case _:
            return value


def whole(value: Any) -> int | None:
    """The value as a whole number of at most 64 bits; protobuf's JSON writes those of a struct as floats."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not -_TOO_LARGE < value < _TOO_LARGE:
        return None
    return int(value)


def seconds(value: Any) -> float | None:
    """The value as a duration."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


def _encodable(value: str) -> str:
    # Bytes that are no UTF-8 reach dbt's messages as halves of surrogate pairs, which nothing can write.
    return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")


def moment(value: Any) -> datetime | None:
    """An ISO 8601 time; dbt means UTC where it does not say so."""
    if not isinstance(value, str):
        return None
    try:
        parsed = datetime.fromisoformat(value)
    except ValueError:
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
