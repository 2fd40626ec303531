"""Makes the store again from the journals: they are the record, the store is its index."""

import shutil
from pathlib import Path

from pydantic import ValidationError

from engine.ingest import ingest
from engine.protocol import Rebuilt
from store.clock import Clock
from store.models import RunRequest
from store.paths import RunPaths, WorkspacePaths
from store.writes import StoreWriter


def set_aside(database: Path) -> None:
    """Moves a store out of the way, with SQLite's files beside it; nothing is deleted but an older one set aside."""
    for suffix in ("", "-wal", "-shm"):
        file = database.with_name(database.name + suffix)
        if file.exists():
            shutil.move(file, database.with_name(f"{database.name}.aside{suffix}"))


def recorded_runs(paths: WorkspacePaths) -> list[int]:
    """The numbers of the runs that have files, in order."""
    if not paths.runs.is_dir():
        return []
    return sorted(int(folder.name) for folder in paths.runs.iterdir() if folder.name.isdecimal())


async def rebuild(writer: StoreWriter, paths: WorkspacePaths, clock: Clock) -> Rebuilt:
    """Fills an empty store. A run whose request cannot be read is left out and named."""
    runs, events = 0, 0
    notices: list[str] = []
    for run_id in recorded_runs(paths):
        files = paths.run(run_id)
        try:
            await writer.create_run(_request(files))
        except (OSError, ValidationError) as error:
            notices.append(f"run #{run_id} is left out: {files.request}: {str(error).splitlines()[0]}")
            continue
        runs += 1
        events += (await ingest(writer, run_id, files.journal, clock)).events
    return Rebuilt(runs=runs, events=events, notices=tuple(notices))


def _request(files: RunPaths) -> RunRequest:
    return RunRequest.model_validate_json(files.request.read_bytes())
