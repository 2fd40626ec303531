"""The pauses of jobs as a file: what the record of them is made of again when the store was lost."""

from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from store.job_state import JobKey
from store.models import JobPause


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
    with file.open("a", encoding="utf-8") as trail:
        trail.write(entry.model_dump_json(exclude_none=True) + "\n")


def open_pauses(file: Path) -> list[JobPause]:
    """The pauses that have not ended; a line that cannot be read says nothing."""
    try:
        lines = file.read_bytes().splitlines()
    except FileNotFoundError:
        return []
    found: dict[JobKey, JobPause] = {}
    for line in lines:
        try:
            entry = PauseEntry.model_validate_json(line)
        except ValidationError:
            continue
        key = JobKey(entry.project, entry.job)
        if entry.reason is None:
            found.pop(key, None)
        else:
            began = found[key].paused_at if key in found else entry.ts
            found[key] = JobPause(
                project=entry.project, job=entry.job, reason=entry.reason, author=entry.author, paused_at=began
            )
    return list(found.values())
