"""The files that dbt leaves in a run's target folder, with their kinds."""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from engine.adapters.dbt.tool_event import mapping, text
from store.paths import RunPaths

RESULTS_FILE = "run_results.json"
_KEPT_RESULTS = "run_results.*.json"
_KINDS = {
    "manifest.json": "manifest",
    RESULTS_FILE: "run_results",
    "sources.json": "freshness",
    "catalog.json": "catalog",
    "graph_summary.json": "graph_summary",
    "semantic_manifest.json": "semantic_manifest",
    "index.html": "docs",
    "dbt.log": "log",
}
_FOLDERS = ("compiled", "run")


def list_artifacts(paths: RunPaths) -> Sequence[tuple[Path, str]]:
    """What a person may want to open afterwards; dbt's own caches are left out."""
    return sorted(_found(paths.target))


def _found(target: Path) -> Iterator[tuple[Path, str]]:
    for name, kind in _KINDS.items():
        if (target / name).is_file():
            yield target / name, kind
    for file in target.glob(_KEPT_RESULTS):
        yield file, "run_results"
    for kind in _FOLDERS:
        for file in (target / kind).rglob("*"):
            if file.is_file():
                yield file, kind


def keep_results(target: Path) -> None:
    """Puts the results of the previous command aside, since the next one overwrites them."""
    results = target / RESULTS_FILE
    if results.is_file():
        number = 1 + sum(1 for _ in target.glob(_KEPT_RESULTS))
        shutil.copyfile(results, target / _KEPT_RESULTS.replace("*", str(number)))


def read_results(target: Path, invocation: str | None) -> Mapping[str, Mapping[str, Any]]:
    """dbt's run_results by unique id; empty when this invocation left none."""
    try:
        value = mapping(json.loads((target / RESULTS_FILE).read_bytes()))
    except (OSError, ValueError):
        return {}
    if text(mapping(value.get("metadata")).get("invocation_id")) != invocation:
        return {}
    listed = value.get("results")
    results = (mapping(result) for result in listed) if isinstance(listed, list) else ()
    return {unique_id: result for result in results if (unique_id := text(result.get("unique_id")))}
