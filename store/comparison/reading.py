"""Reads runs for a comparison."""

import asyncio
import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime

from store.comparison.compared import FEWEST, MOST, Comparison, RunParts, compare
from store.definitions import definition_file
from store.errors import NotInRecord
from store.models import ModelExecution, RunGraph
from store.paths import RunPaths, WorkspacePaths
from store.reads import StoreReader


class NotComparable(NotInRecord):
    """Too few runs, too many, or one of them twice."""


async def read_comparison(
    reader: StoreReader, paths: WorkspacePaths, run_ids: Sequence[int], now: datetime
) -> Comparison:
    """The runs side by side, in this order. Raises NotComparable, StoreError."""
    if not FEWEST <= len(run_ids) <= MOST or len(set(run_ids)) < len(run_ids):
        raise NotComparable("Two, three or four different runs can be compared.")
    return compare([await _read_parts(reader, paths, run_id) for run_id in run_ids], now)


async def _read_parts(reader: StoreReader, paths: WorkspacePaths, run_id: int) -> RunParts:
    run = await reader.run(run_id)
    models = await reader.models(run_id)
    marks = checksums(await reader.graph(run_id)) or await asyncio.to_thread(recorded, paths.run(run_id), models)
    return RunParts(run, models, await reader.audits(run_id), marks)


def checksums(graph: RunGraph) -> dict[str, str]:
    """The checksum of each model's file, where the tool tells it (dbt)."""
    return {node.model: node.checksum for node in graph.nodes if node.checksum}


def recorded(paths: RunPaths, models: Iterable[ModelExecution]) -> dict[str, str]:
    """A checksum of each model's recorded definition (SQLMesh). Reads files: for a thread."""
    found = {}
    for model in models:
        file = definition_file(paths, model.model)
        if file.is_file():
            found[model.model] = hashlib.sha256(file.read_bytes()).hexdigest()
    return found
