"""The pauses of jobs as a file: what the record of them is made of again when the store was lost."""

from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict

from engine.entries import add_entry, read_entries
from store.job_state import JobKey
from store.models import JobPause
from store.triage import Action


class PauseEntry(BaseModel):
    """A line of the file: a job was paused for a `reason`, or resumed, without one."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    v: int = 1
    ts: AwareDatetime
    project: str
    job: str
    reason: str | None = None
    author: str | None = None


def note(file: Path, entry: PauseEntry) -> None:
    """Appends what happened. Raises OSError."""
    add_entry(file, entry)


def read_pauses(file: Path) -> list[PauseEntry]:
    """All that happened; a line that cannot be read says nothing."""
    return read_entries(file, PauseEntry)


def action_of(entry: PauseEntry) -> Action:
    """What somebody did, for the trail of the workspace."""
    job = f"{entry.project}/{entry.job}"
    detail = job if entry.reason is None else f"{job}: {entry.reason}"
    return Action(at=entry.ts, author=entry.author, action="resume" if entry.reason is None else "pause", detail=detail)


def open_pauses(file: Path) -> list[JobPause]:
    """The pauses that have not ended; a line that cannot be read says nothing."""
    found: dict[JobKey, JobPause] = {}
    for entry in read_pauses(file):
        key = JobKey(entry.project, entry.job)
        if entry.reason is None:
            found.pop(key, None)
        else:
            began = found[key].paused_at if key in found else entry.ts
            found[key] = JobPause(
                project=entry.project, job=entry.job, reason=entry.reason, author=entry.author, paused_at=began
            )
    return list(found.values())
