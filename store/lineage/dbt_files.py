"""What dbt's manifest and catalog keep of a model, as one run left them. Reads files: not for the event loop."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from store.events import Column
from store.paths import RunPaths

_MANIFESTS_KEPT = 4


@dataclass(frozen=True, slots=True)
class ManifestText:
    """The text of one node. `source` has Jinja in it; `compiled` is None for what dbt did not compile."""

    dialect: str | None
    language: str | None
    source: str | None
    compiled: str | None


def manifest_text(paths: RunPaths, node: str) -> ManifestText | None:
    """The node as the run's manifest has it; None where the run left none, or none with this node."""
    file = paths.target / "manifest.json"
    try:
        status = file.stat()
        return _texts(file, status.st_mtime_ns, status.st_size).get(node)
    except (OSError, ValueError):
        return None


def catalog_columns(paths: RunPaths, node: str) -> tuple[Column, ...]:
    """The columns of the table as the database has them; empty unless the run made dbt's catalog (`docs generate`)."""
    file = paths.target / "catalog.json"
    try:
        status = file.stat()
        return _catalog(file, status.st_mtime_ns, status.st_size).get(node, ())
    except (OSError, ValueError):
        return ()


@lru_cache(maxsize=_MANIFESTS_KEPT)
def _catalog(file: Path, _mtime_ns: int, _size: int) -> Mapping[str, tuple[Column, ...]]:
    catalog = _mapping(json.loads(file.read_bytes()))
    nodes = {**_mapping(catalog.get("nodes")), **_mapping(catalog.get("sources"))}
    return {node: tuple(_catalog_columns(_mapping(_mapping(told).get("columns")))) for node, told in nodes.items()}


def _catalog_columns(columns: Mapping[str, Any]) -> Iterator[Column]:
    told = [_mapping(column) for column in columns.values()]
    for column in sorted(told, key=lambda column: _number(column.get("index"))):
        if (name := _text(column, "name")) is not None:
            yield Column(name=name, type=_text(column, "type"), description=_text(column, "comment"))


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


@lru_cache(maxsize=_MANIFESTS_KEPT)
def _texts(file: Path, _mtime_ns: int, _size: int) -> Mapping[str, ManifestText]:
    """Of the whole manifest only the texts are kept. Raises OSError, ValueError while it is being written."""
    value = _mapping(json.loads(file.read_bytes()))
    dialect = _text(_mapping(value.get("metadata")), "adapter_type")
    return {
        unique_id: ManifestText(dialect, _text(node, "language"), _text(node, "raw_code"), _text(node, "compiled_code"))
        for unique_id, node in _mapping(value.get("nodes")).items()
        if isinstance(node, dict)
    }


def _text(node: Mapping[str, Any], key: str) -> str | None:
    value = node.get(key)
    return value if isinstance(value, str) and value.strip() else None
