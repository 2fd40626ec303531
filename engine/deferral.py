"""Finds what a ci run of dbt may refer to instead of building it: production, as its last good run left it."""

import asyncio
from pathlib import Path

from engine.configuration.workspace import Workspace
from engine.isolation import isolated_name
from engine.run_files import read_request, write_request
from store.filters import RunFilter
from store.models import RunRequest
from store.paths import RunPaths
from store.reads import StoreReader
from store.status import GOOD

_RUNS_LOOKED_AT = 50


async def note_production(reader: StoreReader, workspace: Workspace, files: RunPaths) -> None:
    """Writes it into what the worker will read, where the run is one that can use it. Raises OSError."""
    try:
        request = await asyncio.to_thread(read_request, files)
    except ValueError:
        return  # Left to the worker, whose last words say so.
    if request.tool != "dbt" or isolated_name(request) is None:
        return
    state = await _production_state(reader, workspace, request)
    if state is not None:
        await asyncio.to_thread(write_request, files, request.model_copy(update={"defer_to": str(state)}))


async def _production_state(reader: StoreReader, workspace: Workspace, request: RunRequest) -> Path | None:
    for place in workspace.environments:
        if place.project != request.project or place.type != "production":
            continue
        wanted = RunFilter(
            project=place.project, environment=place.name, statuses=GOOD, kinds=frozenset({"run"}), archived=None
        )
        for run in await reader.runs(wanted, limit=_RUNS_LOOKED_AT):
            folder = workspace.paths.run(run.id).target
            if run.job_type != "ci" and await asyncio.to_thread((folder / "manifest.json").is_file):
                return folder
    return None
