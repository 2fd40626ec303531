"""Which run somebody means: `123`, `#123`, `latest`, `latest:JOB`, `latest:PROJECT/JOB`."""

import re
from dataclasses import dataclass

from engine.errors import UsageError
from store.errors import RunNotFound
from store.filters import RunFilter
from store.models import Run
from store.reads import StoreReader

# SQLite's largest number: a longer one is no run, and no number that the store could be asked for.
_LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class RunReference:
    """A run by its number, or the latest one, of a job where one is named."""

    number: int | None = None
    project: str | None = None
    job: str | None = None


def parse_run_reference(text: str) -> RunReference:
    """Raises UsageError for what is no reference to a run."""
    if match := re.fullmatch(r"#?([0-9]+)", text):
        number = int(match[1]) if len(match[1]) < 20 else _LARGEST
        return RunReference(number=min(number, _LARGEST))
    if text == "latest":
        return RunReference()
    if text.startswith("latest:") and len(text) > len("latest:"):
        project, _, job = text.removeprefix("latest:").rpartition("/")
        return RunReference(project=project or None, job=job)
    raise UsageError(f'"{text}" is no run; name it by its number (123 or #123), or as latest or latest:JOB.')


async def find_run(reader: StoreReader, text: str) -> Run:
    """The run that is meant. Raises UsageError, RunNotFound."""
    wanted = parse_run_reference(text)
    if wanted.number is not None:
        return await reader.run(wanted.number)
    found = await reader.runs(RunFilter(project=wanted.project, job=wanted.job), limit=1)
    if not found:
        raise RunNotFound(f"No run of job {wanted.job} yet." if wanted.job else "Nothing ran here yet.")
    return found[0]
