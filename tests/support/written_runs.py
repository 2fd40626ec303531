"""Runs that only exist as files, as a worker that is no more would have left them."""

from collections.abc import Sequence
from datetime import datetime

from store.events import AnyEvent, to_line
from store.models import RunRequest
from store.paths import RunPaths, WorkspacePaths


def write_run(paths: WorkspacePaths, run_id: int, created_at: datetime, events: Sequence[AnyEvent]) -> RunPaths:
    """Writes the request and the journal of a run."""
    files = paths.run(run_id)
    files.logs.mkdir(parents=True)
    request = RunRequest(
        id=run_id,
        name="build",
        project="gated",
        environment="dev",
        job="build",
        created_at=created_at,
        tool="dbt",
        project_path=str(paths.folder),
        python="python3",
        steps=("build",),
    )
    files.request.write_text(request.model_dump_json())
    files.journal.write_bytes(b"".join(to_line(event) for event in events))
    return files
