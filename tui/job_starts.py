"""What makes a job start, in words."""

from store.fires import is_scheduled
from store.models import Job, JobType

_PUSHES: dict[JobType, str] = {"merge": "pushes", "ci": "pull requests"}
_UNITS = (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1))


def starts_text(job: Job) -> str:
    """What makes it start: `0 3 * * * Europe/Berlin`, `every 15m`, `after ingest`, `pushes`, `by hand`."""
    parts = []
    if job.schedule is not None:
        parts.append(f"{job.schedule} {job.timezone}" if job.timezone else job.schedule)
    elif job.every_s is not None:
        parts.append(f"every {_spelled(job.every_s)}")
    for after in job.after:
        outcome = "" if after.on == "success" else " fails" if after.on == "failure" else " ends"
        parts.append(f"after {after.job.rpartition('/')[2]}{outcome}")
    parts += [_PUSHES[job.type]] if job.type in _PUSHES else []
    return ", ".join(parts) or "by hand"


def starts_by_itself(job: Job) -> bool:
    """Whether there is anything to pause."""
    return is_scheduled(job) or bool(job.after) or job.retries > 0 or job.type in _PUSHES


def _spelled(seconds: float) -> str:
    text, rest = "", int(seconds)
    for unit, length in _UNITS:
        number, rest = divmod(rest, length)
        text += f"{number}{unit}" if number else ""
    return text
