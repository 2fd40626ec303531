"""Runs real dbt projects through the real worker, in this process, with its journal and logs in a temporary folder."""

import asyncio
import itertools
import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from engine.adapters.dbt.adapter import DbtAdapter
from engine.journal import Journal
from engine.redaction import Redactor
from engine.worker.execution import Execution
from engine.worker.stop import StopSignal, StopWish
from engine.worker.verdict import Verdict
from store.clock import system_clock
from store.events import AnyEvent, AuditFinished, Event, Graph, ModelFinished, parse_event
from store.models import RunOptions, RunRequest
from store.paths import RunPaths

E = TypeVar("E", bound=Event)

PYTHON = os.environ.get("RUNROOM_TEST_DBT_PYTHON", sys.executable)
"""The interpreter whose dbt is tested; another one than the tests' own tries another version of dbt."""


@dataclass
class DbtRun:
    """One run of a project, going on or over."""

    paths: RunPaths
    stop: StopSignal
    task: "asyncio.Task[Verdict]"

    @property
    def events(self) -> list[AnyEvent]:
        """The journal so far."""
        lines = self.paths.journal.read_bytes().splitlines(keepends=True) if self.paths.journal.exists() else []
        return [parse_event(line) for line in lines if line.endswith(b"\n")]

    def of(self, kind: type[E]) -> list[E]:
        """The events of one type."""
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def models(self) -> dict[str, ModelFinished]:
        """How each model ended, by its name."""
        return {event.model.rpartition(".")[2]: event for event in self.of(ModelFinished)}

    @property
    def audits(self) -> dict[str, AuditFinished]:
        """How each audit ended, by its name."""
        return {event.name: event for event in self.of(AuditFinished)}

    @property
    def graph(self) -> Graph:
        """The last graph that was journaled."""
        return self.of(Graph)[-1]

    @property
    def results(self) -> dict[str, str]:
        """dbt's own statuses by unique id."""
        value = json.loads((self.paths.target / "run_results.json").read_text())
        return {result["unique_id"]: result["status"] for result in value["results"]}

    def log(self, step: str) -> str:
        """The log of the step with this name."""
        return next(self.paths.logs.glob(f"*-{step}.log")).read_text()

    async def until(self, condition: Callable[[list[AnyEvent]], bool]) -> None:
        """Returns once the journal fulfils the condition; fails when the run ends before."""
        while not condition(self.events):
            assert not self.task.done(), "the run ended before that happened"
            await asyncio.sleep(0.02)

    def cancel(self) -> None:
        """Asks for a stop, as the worker does when it is told to."""
        self.stop.ask(StopWish("cancel", "stopped by a test"))


@dataclass
class Workspace:
    """Where runs of one test are kept."""

    folder: Path
    python: str
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def start(
        self,
        project: Path,
        *steps: str,
        python: str | None = None,
        options: RunOptions | None = None,
        environment: Mapping[str, str] | None = None,
        **request: Any,
    ) -> DbtRun:
        """Starts a run of these steps."""
        number = next(self.numbers)
        paths = RunPaths(self.folder / "runs" / str(number))
        paths.folder.mkdir(parents=True)
        variables = dict(os.environ) | dict(environment or {})
        asked = RunRequest(
            id=number,
            name="test",
            project=project.name,
            environment="dev",
            created_at=system_clock(),
            tool="dbt",
            project_path=str(project),
            python=python or self.python,
            steps=steps,
            options=options or RunOptions(),
            **request,
        )
        stop = StopSignal()
        return DbtRun(paths, stop, asyncio.create_task(_execute(asked, paths, stop, variables)))

    async def run(self, project: Path, *steps: str, **how: Any) -> tuple[DbtRun, Verdict]:
        """Runs these steps to their end."""
        started = self.start(project, *steps, **how)
        return started, await started.task


async def _execute(request: RunRequest, paths: RunPaths, stop: StopSignal, variables: dict[str, str]) -> Verdict:
    redactor = Redactor(variables)
    with Journal(paths.journal, redactor) as journal:
        execution = Execution(request, paths, DbtAdapter(variables), journal, redactor, stop, system_clock, variables)
        return await execution.run()
