"""Reads the values of the bridge's events, which are JSON from another process: what is not there is None."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from store.events import Column, GraphNode, Interval

Said = Mapping[str, Any]
"""One event of the bridge."""


def moment(value: object) -> datetime | None:
    """An ISO 8601 time."""
    return datetime.fromisoformat(value) if isinstance(value, str) else None


def interval(value: object) -> Interval | None:
    """A stretch of time with a start and an end."""
    if not isinstance(value, Mapping):
        return None
    start, end = moment(value.get("start")), moment(value.get("end"))
    return Interval(start=start, end=end) if start and end else None


def intervals(values: object) -> tuple[Interval, ...]:
    """Several stretches of time."""
    listed = values if isinstance(values, list) else []
    return tuple(found for found in map(interval, listed) if found is not None)


def display_name(name: str) -> str:
    """A model's name as people write it, without quotes."""
    return name.replace('"', "")


def audit_key(model: str | None, audit: str, arguments: Mapping[str, Any]) -> str:
    """What tells an audit from all others: the same audit may check a model twice, with other arguments.

    An audit that stands alone is checked on no model; its own name is unique.
    """
    told = json.dumps(arguments, sort_keys=True, default=str) if arguments else ""
    return f"{display_name(model)}:{audit}{told}" if model else f"{display_name(audit)}{told}"


def graph_node(said: Said, selected: bool) -> GraphNode:
    """A model of the bridge's graph."""
    columns = said.get("columns") or []
    name = display_name(str(said["name"]))
    return GraphNode(
        model=said["model"],
        name=name,
        kind="model",
        parents=tuple(said.get("parents") or ()),
        selected=selected,
        materialized=str(said.get("kind", "")).lower() or None,
        dialect=said.get("dialect") or None,
        schema_name=name.rsplit(".", 1)[0] if "." in name else None,
        relation=said["model"],
        file=said.get("file"),
        description=said.get("description"),
        owner=said.get("owner"),
        tags=tuple(said.get("tags") or ()),
        columns=tuple(Column.model_validate(column) for column in columns),
        cron=said.get("cron"),
    )
