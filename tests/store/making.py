"""Requests and journals made up for tests of the store."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from store.events import AnyEvent, RunFinished, RunStarted, RunStopping
from store.models import RunRequest
from store.status import RunStatus
from store.writes import JournalEntry, StoreWriter

BEGIN = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
_LINE_BYTES = 100
"""Every line of a made-up journal is so long."""


def moment(seconds: float) -> datetime:
    """So many seconds after `BEGIN`."""
    return BEGIN + timedelta(seconds=seconds)


def request(run_id: int, **changes: object) -> RunRequest:
    """A request for the job `nightly` in flights/prod, but for what is said otherwise."""
    base = RunRequest(
        id=run_id,
        name="nightly",
        project="flights",
        environment="prod",
        job="nightly",
        job_type="deploy",
        author="anna",
        created_at=moment(run_id),
        tool="dbt",
        project_path="/projects/flights",
        python="python3",
        steps=("build",),
    )
    return RunRequest.model_validate(base.model_dump() | changes)


def numbered(found: Sequence[AnyEvent], first: int = 1) -> list[JournalEntry]:
    """The events as a journal would hold them."""
    return [
        JournalEntry(number * _LINE_BYTES, event.model_copy(update={"seq": number}))
        for number, event in enumerate(found, first)
    ]


async def happen(writer: StoreWriter, run_id: int, *found: AnyEvent) -> int:
    """The next events of a run reach the store; returns the change number."""
    position = await writer.journal_position(run_id)
    entries = numbered(found, position.seq + 1)
    return await writer.apply(run_id, entries, entries[-1].end)


def started(seconds: float = 0) -> RunStarted:
    """A worker took the run."""
    return RunStarted(ts=moment(seconds), pid=4711, pid_started=1.5, host="lab-1", tool="dbt", branch="main")


def stopping(seconds: float = 5) -> RunStopping:
    """A stop was asked for."""
    return RunStopping(ts=moment(seconds), reason="stopped by anna")


def finished(status: RunStatus = RunStatus.COMPLETED, seconds: float = 10, reason: str | None = None) -> RunFinished:
    """The run is over."""
    return RunFinished(ts=moment(seconds), status=status, reason=reason)


async def finished_run(writer: StoreWriter, run_id: int, status: RunStatus, **changes: object) -> None:
    """A run that was asked for, began and ended."""
    await writer.create_run(request(run_id, **changes))
    await happen(writer, run_id, started(), finished(status))
