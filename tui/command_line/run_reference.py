"""Which run somebody means: `123`, `#123`, `latest`, `latest:JOB`, `latest:PROJECT/JOB`."""

import re
from dataclasses import dataclass

from engine.errors import UsageError
from store.errors import RunNotFound
from store.models import Run
from store.reads import StoreReader
from tui.command_line.known_names import require_job

# SQLite's largest number: a longer one is no run, and no number that the store could be asked for.
_LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class RunReference:
    """A run by its number, or the latest one, of a job where one is named."""

    number: int | None = None
    job: str | None = None
    """As it was typed: `nightly`, `flights/nightly`."""


def parse_run_reference(text: str) -> RunReference:
    """Raises UsageError for what is no reference to a run, RunNotFound for a number that no run can have."""
    if match := re.fullmatch(r"#?([0-9]+)", text):
        if len(match[1]) > len(str(_LARGEST)) or int(match[1]) > _LARGEST:
            raise RunNotFound(f"There is no run #{match[1]}.")
        return RunReference(number=int(match[1]))
    if text == "latest":
        return RunReference()
    if text.startswith("latest:") and len(text) > len("latest:"):
        return RunReference(job=text.removeprefix("latest:"))
    raise UsageError(f'"{text}" is no run; name it by its number (123 or #123), or as latest or latest:JOB.')


async def find_run(reader: StoreReader, text: str) -> Run:
    """The run that is meant. Raises UsageError, RunNotFound."""
    wanted = parse_run_reference(text)
    if wanted.number is not None:
        return await reader.run(wanted.number)
    if wanted.job is not None:
        await require_job(reader, wanted.job)
    return await reader.latest_run(wanted.job)
