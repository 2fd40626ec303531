"""The files of a run before and beside its worker: what was asked for, and whether somebody has taken it."""

from engine.workers import is_alive
from store.models import RunRequest
from store.paths import RunPaths


def write_request(files: RunPaths, request: RunRequest) -> None:
    """Writes what the worker will read, whole or not at all."""
    files.logs.mkdir(parents=True, exist_ok=True)
    partial = files.request.with_suffix(".partial")
    partial.write_text(request.model_dump_json(indent=2, exclude_none=True) + "\n", encoding="utf-8")
    partial.replace(files.request)


def read_request(files: RunPaths) -> RunRequest:
    """What was asked for. Raises OSError, and ValueError for a file that is no request."""
    return RunRequest.model_validate_json(files.request.read_bytes())


def reason_not_to_start(files: RunPaths) -> str | None:
    """Why the run was to be recorded only, None for one that is to start or of which nothing is known."""
    try:
        return read_request(files).not_started
    except (OSError, ValueError):
        return None  # Its worker will not know either, and its end will say so.


def rename_request(files: RunPaths, name: str) -> None:
    """Gives the run another name in its files, where they are still there."""
    if files.request.exists():
        write_request(files, read_request(files).model_copy(update={"name": name}))


def has_begun(files: RunPaths) -> bool:
    """Whether a worker took this run though the store does not know it yet."""
    return is_alive(files) or (files.journal.exists() and files.journal.stat().st_size > 0)
