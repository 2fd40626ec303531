"""What dbt's manifest keeps of a model's text, as one run left it. Reads files: not for the event loop."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

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


@lru_cache(maxsize=_MANIFESTS_KEPT)
def _texts(file: Path, _mtime_ns: int, _size: int) -> Mapping[str, ManifestText]:
    """Of the whole manifest only the texts are kept. Raises OSError, ValueError while it is being written."""
    value = json.loads(file.read_bytes())
    manifest = value if isinstance(value, dict) else {}
    metadata, nodes = manifest.get("metadata"), manifest.get("nodes")
    dialect = _text(metadata, "adapter_type") if isinstance(metadata, dict) else None
    return {
        unique_id: ManifestText(dialect, _text(node, "language"), _text(node, "raw_code"), _text(node, "compiled_code"))
        for unique_id, node in (nodes.items() if isinstance(nodes, dict) else ())
        if isinstance(node, dict)
    }


def _text(node: Mapping[str, Any], key: str) -> str | None:
    value = node.get(key)
    return value if isinstance(value, str) and value.strip() else None
