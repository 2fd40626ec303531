"""`runroom search`: one pattern in the logs of a run, of the last runs of a job, or of the whole workspace."""

import asyncio
import sys
from collections import Counter
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Annotated, Protocol

import typer

from engine.errors import UsageError
from store.filters import runs_of_job
from store.logs.matching import BadPattern, Matcher, matcher
from store.models import Run
from store.paths import WorkspacePaths
from store.readers import reads_of
from store.search.scope import SearchScope
from store.search.search_json import GrowingJson
from store.search.searching import Found, Progress, Unread, search
from store.wording import byte_size, counted, date_and_time
from tui.command_line.output import complain, say
from tui.command_line.record import open_record
from tui.command_line.run_reference import find_run
from tui.command_line.shared import JsonOption, workspace_paths
from tui.formats import status_look


def search_logs(
    context: typer.Context,
    pattern: Annotated[str, typer.Argument(help="A text; without capital letters it matches them too.")],
    run: Annotated[str | None, typer.Option("--run", metavar="RUN", help="Only this run: 123, latest, …")] = None,
    job: Annotated[str | None, typer.Option("--job", "-j", help="Only runs of this job.")] = None,
    last: Annotated[int | None, typer.Option("--last", "-n", min=1, help="Only the last N runs.")] = None,
    regex: Annotated[bool, typer.Option("--regex", "-e", help="The pattern is a regular expression.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Search the logs, newest run first."""
    if run is not None and (job is not None or last is not None):
        raise UsageError("--run names one run; leave --job and --last out, or --run.")
    wanted = _matcher(pattern, regex)
    told: _Telling = _Json() if as_json else _Text(pattern)
    asyncio.run(_search(workspace_paths(context), wanted, SearchScope(None, runs_of_job(job), last), run, told))


def _matcher(pattern: str, regex: bool) -> Matcher:
    if not pattern:
        raise UsageError("An empty pattern is in every line; search for something.")
    try:
        return matcher(pattern, regex=regex)
    except BadPattern as error:
        raise UsageError(str(error)) from error


class _Telling(Protocol):
    """Tells of a search as it goes on."""

    def found(self, found: Found) -> None:
        """Lines that match."""

    def unread(self, unread: Unread) -> None:
        """A log that could not be read."""

    def end(self, progress: Progress) -> None:
        """The search is over."""


async def _search(paths: WorkspacePaths, wanted: Matcher, scope: SearchScope, run: str | None, told: _Telling) -> None:
    async with open_record(paths) as reader:
        if run is not None:
            scope = SearchScope((await find_run(reader, run)).id)
    progress = Progress(0, 0, 0.0)
    async with aclosing(search(reads_of(paths), paths, scope, wanted)) as events:
        async for event in events:
            match event:
                case Found():
                    told.found(event)
                case Unread():
                    told.unread(event)
                case Progress():
                    progress = event
    told.end(progress)


@dataclass
class _Text:
    """Lines under their run and step, and below each step how many there are of each model."""

    pattern: str
    _run: int | None = None
    _step: str = ""
    _counts: Counter[str] = field(default_factory=Counter)
    _lines: int = 0
    _runs: int = 0

    def found(self, found: Found) -> None:
        if found.run.id != self._run:
            self._end_step()
            look = status_look(found.run.status)
            self._run, self._step = found.run.id, ""
            self._runs += 1
            say(f"{_title(found.run)}  {look.glyph} {look.word}  {date_and_time(found.run.created_at)}")
        if found.log != self._step:
            self._end_step()
            self._step = found.log
            say(f"  {found.step}")
        if found.shown:
            say("\n".join(f"    {line.content.decode('utf-8', 'replace')}" for line in found.shown))
        self._counts[found.model or ""] += found.lines
        self._lines += found.lines

    def unread(self, unread: Unread) -> None:
        _complain_of(unread)

    def end(self, progress: Progress) -> None:
        self._end_step()
        searched = f"{counted(progress.runs, 'run')}, {byte_size(progress.bytes)}"
        if self._lines:
            say(f"{counted(self._lines, 'line')} in {counted(self._runs, 'run')}; searched {searched}.")
        else:
            say(f'No line with "{self.pattern}"; searched {searched}.')

    def _end_step(self) -> None:
        if self._counts:
            models = ", ".join(f"{model} {lines:,}" for model, lines in self._counts.most_common() if model)
            say(f"    {counted(self._counts.total(), 'line')}{f': {models}' if models else ''}")
        self._counts.clear()


@dataclass
class _Json:
    """One object, printed as it grows."""

    _json: GrowingJson = field(default_factory=GrowingJson)

    def found(self, found: Found) -> None:
        self._print(self._json.found(found))

    def unread(self, unread: Unread) -> None:
        self._json.unread(unread)
        _complain_of(unread)

    def end(self, progress: Progress) -> None:
        self._print(self._json.end(progress))

    def _print(self, text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()


def _complain_of(unread: Unread) -> None:
    complain(f"#{unread.run.id}: {unread.sentence}")


def _title(run: Run) -> str:
    return f"#{run.id} {run.name} · {run.project}/{run.environment}"
