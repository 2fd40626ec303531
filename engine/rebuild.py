"""Makes the store again from the journals: they are the record, the store is its index."""

import shutil
from pathlib import Path

from engine.api.token_trail import open_tokens
from engine.ingest import ingest
from engine.pause_trail import action_of, open_pauses, read_pauses
from engine.protocol import Rebuilt
from engine.triage.trail import read_actions
from store.clock import Clock
from store.models import RunRequest
from store.paths import RunPaths, WorkspacePaths
from store.status import RunStatus
from store.writes import StoreWriter

_SUFFIXES = ("", "-wal", "-shm")


def set_aside(database: Path) -> None:
    """Moves a store out of the way, with SQLite's files beside it; nothing is deleted but an older one set aside."""
    for suffix in _SUFFIXES:
        file = database.with_name(database.name + suffix)
        if file.exists():
            shutil.move(file, database.with_name(f"{database.name}.aside{suffix}"))


def recorded_runs(paths: WorkspacePaths) -> list[int]:
    """The numbers of the runs that have files, in order."""
    if not paths.runs.is_dir():
        return []
    return sorted(int(folder.name) for folder in paths.runs.iterdir() if folder.name.isdecimal())


def is_lost(paths: WorkspacePaths) -> bool:
    """Whether there is no store though there was one: something is there to make it of again."""
    trails = paths.pauses.exists() or paths.tokens.exists()
    return not paths.database.exists() and (trails or bool(recorded_runs(paths)))


async def rebuild(paths: WorkspacePaths, clock: Clock) -> Rebuilt:
    """Makes the store that is missing. A run whose request cannot be read is left out and named.

    It has another name until it is whole, so that an end in the middle leaves no half of a store behind.
    """
    partial = paths.database.with_suffix(".partial")
    for suffix in _SUFFIXES:
        partial.with_name(partial.name + suffix).unlink(missing_ok=True)
    async with StoreWriter.open(partial) as writer:
        rebuilt = await _fill(writer, paths, clock)
    # SQLite has put its log into the file when the last connection was closed.
    partial.replace(paths.database)
    return rebuilt


async def _fill(writer: StoreWriter, paths: WorkspacePaths, clock: Clock) -> Rebuilt:
    runs, events = 0, 0
    notices: list[str] = []
    for run_id in recorded_runs(paths):
        files = paths.run(run_id)
        try:
            request = _request(files, run_id)
        except (OSError, ValueError) as error:
            notices.append(f"run #{run_id} is left out: {files.request}: {str(error).splitlines()[0]}")
            # Its files are still there, and no other run may write into them.
            await writer.take_number(run_id)
            continue
        await writer.create_run(request, _first_status(request, files))
        runs += 1
        events += (await ingest(writer, run_id, files.journal, clock)).events
        await _recall_actions(writer, files)
    await writer.mark_past_followed()
    for pause in open_pauses(paths.pauses):
        await writer.pause_job(pause)
    for entry in read_pauses(paths.pauses):
        await writer.record_action(action_of(entry))
    for token in open_tokens(paths.tokens):
        await writer.api.add_token(token.name, bytes.fromhex(token.digest or ""), token.scope, token.ts, token.author)
    return Rebuilt(runs=runs, events=events, notices=tuple(notices))


async def restore_run(writer: StoreWriter, files: RunPaths, run_id: int, clock: Clock) -> None:
    """Makes the record of one run again, whose files are there. Raises OSError, ValueError."""
    request = _request(files, run_id)
    await writer.create_run(request, _first_status(request, files))
    # Whatever was to follow its end did so, long ago.
    await writer.mark_followed(run_id)
    await ingest(writer, run_id, files.journal, clock)
    await _recall_actions(writer, files)
    await writer.take_back_deletion(run_id)


async def _recall_actions(writer: StoreWriter, files: RunPaths) -> None:
    for action in read_actions(files.actions):
        await writer.record_action(action)


def _first_status(request: RunRequest, files: RunPaths) -> RunStatus:
    """A retry that nobody has begun still waits for its time."""
    begun = files.journal.exists() and files.journal.stat().st_size > 0
    return RunStatus.QUEUED if begun or request.starts_at is None else RunStatus.SCHEDULED


def _request(files: RunPaths, run_id: int) -> RunRequest:
    """Raises OSError, and ValueError when the file is no request or that of another run."""
    request = RunRequest.model_validate_json(files.request.read_bytes())
    if request.id != run_id:
        raise ValueError(f"it is the request of another run, #{request.id}")
    return request
