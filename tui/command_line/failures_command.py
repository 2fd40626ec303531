"""`runroom failures`: the causes of what failed, each once, however often it failed."""

import asyncio
from datetime import datetime
from typing import Annotated

import typer

from engine.client.durations import moment_ago
from engine.errors import UsageError
from store.causes import Cause, cause_json
from store.clock import system_clock
from store.errors import StoreMissing
from store.filters import RunFilter, runs_of_job
from store.fingerprints import SHORT_LENGTH
from store.paths import WorkspacePaths
from store.wording import count, date_and_time
from tui.command_line.output import say, say_json, say_table
from tui.command_line.record import open_record
from tui.command_line.shared import JsonOption, workspace_paths

_HEADS = ("cause", "failures", "runs", "first seen", "last seen", "latest", "example")
_NUMBERS = frozenset({1, 2, 5})


def failures(
    context: typer.Context,
    last: Annotated[int | None, typer.Option("--last", "-n", min=1, help="Of the last N runs only.")] = None,
    job: Annotated[str | None, typer.Option("--job", "-j", help="Of runs of this job only.")] = None,
    since: Annotated[str | None, typer.Option("--since", help="Of runs since so long ago: 7d, 12h, 1d12h.")] = None,
    as_json: JsonOption = False,
) -> None:
    """List why runs failed: one row a cause, what was seen last first."""
    now = system_clock()
    begin = _moment(since, now) if since is not None else None
    found = asyncio.run(_causes(workspace_paths(context), runs_of_job(job), last, begin))
    if as_json:
        say_json([cause_json(cause) for cause in found])
    elif found:
        say_table(_HEADS, [_row(cause) for cause in found], _NUMBERS)
    else:
        say("Nothing failed." if (last, job, since) == (None, None, None) else "Nothing failed in such runs.")


def _moment(since: str, now: datetime) -> datetime:
    try:
        return moment_ago(since, now)
    except ValueError as error:
        raise UsageError(f"--since: {error}.") from error


async def _causes(paths: WorkspacePaths, wanted: RunFilter, last: int | None, since: datetime | None) -> list[Cause]:
    try:
        async with open_record(paths) as reader:
            return await reader.causes_among(wanted, last, since)
    except StoreMissing:
        return []


def _row(cause: Cause) -> tuple[str, ...]:
    return (
        cause.key[:SHORT_LENGTH],
        count(cause.count),
        count(cause.runs),
        date_and_time(cause.first.at),
        date_and_time(cause.last.at),
        f"#{cause.last.run_id}",
        cause.sentence,
    )
