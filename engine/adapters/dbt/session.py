"""Runs the dbt commands of one run, one after the other, and tells the run's journal and log what they do."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from engine.adapters.base import LogLevel, StepContext, StepOutcome
from engine.adapters.dbt.arguments import EXECUTING, PLANNABLE, as_listing, command_of
from engine.adapters.dbt.artifacts import keep_results, read_results
from engine.adapters.dbt.command import find_executable, plain_command, shim_command
from engine.adapters.dbt.compiled import CompiledFiles
from engine.adapters.dbt.manifest import AUDIT_KINDS, MODEL_KINDS, ManifestFile, kind_of
from engine.adapters.dbt.packages import installed_packages
from engine.adapters.dbt.parse_cache import bring_in, cache_file, take_out
from engine.adapters.dbt.profile import Profile
from engine.adapters.dbt.reasons import failure_reason
from engine.adapters.dbt.reducer import Reducer, Surroundings
from engine.adapters.dbt.shim import NO_RUNNER
from engine.adapters.dbt.tool_event import ToolEvent, read_event
from engine.adapters.printed import PrintedLines
from store.events import PackagesFound, PlanSummary
from store.status import StepStatus

_STACK_TRACE = "Z003"
_LEVELS: Mapping[str, LogLevel] = {"debug": "DEBUG", "warn": "WARN", "error": "ERROR"}


class DbtSession:
    """What the dbt steps of one run share: the profile, how dbt is started, and what was selected so far."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.profile: Profile | None = None
        self._environment = environment
        self._selected: frozenset[str] = frozenset()
        self._plans: list[dict[str, object]] = []
        self._executable: str | None = None
        self._packages: dict[str, str] = {}

    async def execute(self, context: StepContext, arguments: Sequence[str]) -> StepOutcome:
        """Runs one dbt command with its nodes as the run's models and audits."""
        executing = command_of(arguments) in EXECUTING
        reducer = self._reducer(context)
        if executing:
            await self._tell_packages(context)
        code = await self._run_dbt(context, arguments, reducer, executing)
        if code is None:
            return _no_dbt(context)
        if executing:
            results = await asyncio.to_thread(read_results, context.paths.target, reducer.invocation)
            for event in reducer.finish(results, crashed=code < 0):
                context.emit(event)
            self._selected = reducer.selected
            if code == 0 and not self._selected:
                return StepOutcome(StepStatus.SUCCEEDED, 0, _nothing_built(context.request.options.select))
        return _outcome(context, code, reducer)

    async def plan(self, context: StepContext, arguments: Sequence[str]) -> StepOutcome:
        """Tells what the command would execute, and executes nothing."""
        reducer = self._reducer(context)
        listed: list[str] = []
        code = await self._run_dbt(context, as_listing(arguments), reducer, executing=False, listed=listed)
        if code is None:
            return _no_dbt(context)
        if code == 0:
            self._plans.append(_plan_of(arguments, listed))
            for event in reducer.show(listed):
                context.emit(event)
            self._selected = reducer.selected
            context.emit(PlanSummary(ts=context.clock(), details={"steps": self._plans}))
        return _outcome(context, code, reducer)

    async def _tell_packages(self, context: StepContext) -> None:
        found = await asyncio.to_thread(installed_packages, context.project_folder)
        if found != self._packages:
            self._packages = found
            context.emit(PackagesFound(ts=context.clock(), versions=found))

    def _reducer(self, context: StepContext) -> Reducer:
        around = Surroundings(
            clock=context.clock,
            compiled=CompiledFiles(context.paths),
            manifest=ManifestFile(context.paths.target / "manifest.json").read,
            stopping=lambda: context.stop_requested,
        )
        return Reducer(around, self._selected)

    async def _run_dbt(
        self,
        context: StepContext,
        arguments: Sequence[str],
        reducer: Reducer,
        executing: bool,
        listed: list[str] | None = None,
    ) -> int | None:
        """dbt's exit code; None when there is no dbt to run."""
        cache = cache_file(context.paths, context.request.project, context.request.environment)
        await asyncio.to_thread(bring_in, cache, context.paths.target)
        await asyncio.to_thread(keep_results, context.paths.target)
        hearing = _Hearing(context, reducer, executing, listed)
        code: int | None = NO_RUNNER
        if self._executable is None:
            command = shim_command(context, arguments, self._profiles)
            code = await context.run_tool(command, hearing.event, hearing.output)
        if code == NO_RUNNER:
            code = await self._run_plain(context, arguments, hearing)
        await asyncio.to_thread(take_out, context.paths.target, cache)
        return code

    async def _run_plain(self, context: StepContext, arguments: Sequence[str], hearing: "_Hearing") -> int | None:
        self._executable = find_executable(context.request.python, self._environment.get("PATH"))
        if self._executable is None:
            return None
        context.log(f"{context.request.python} cannot import dbt's Python interface; {self._executable} runs instead.")
        if hearing.executing and command_of(arguments) in PLANNABLE:
            await self._foresee(context, self._executable, arguments, hearing.reducer)
        command = plain_command(context, self._executable, arguments, self._profiles)
        return await context.run_tool(command, None, hearing.output)

    async def _foresee(self, context: StepContext, executable: str, arguments: Sequence[str], reducer: Reducer) -> None:
        """Asks for the selection first, since this dbt does not tell it while it runs."""
        listed: list[str] = []
        command = plain_command(context, executable, as_listing(arguments), self._profiles)
        hearing = _Hearing(context, self._reducer(context), executing=False, listed=listed, quiet=True)
        if await context.run_tool(command, None, hearing.output) == 0:
            reducer.expect(listed)

    @property
    def _profiles(self) -> Path | None:
        return self.profile.folder if self.profile else None


class _Hearing:
    """Takes in what one dbt process says, on either channel."""

    def __init__(
        self,
        context: StepContext,
        reducer: Reducer,
        executing: bool,
        listed: list[str] | None = None,
        quiet: bool = False,
    ) -> None:
        self._context = context
        self.reducer = reducer
        self.executing = executing
        self._listed = listed
        self._quiet = quiet
        self._printed = PrintedLines()

    def event(self, line: bytes) -> None:
        """A line of the shim's events descriptor."""
        found = read_event(line)
        if found is not None:
            self._take(found)

    def output(self, line: str) -> None:
        """A line of the console: an event, where dbt logs JSON; else what someone printed."""
        found = read_event(line.encode()) if line.startswith("{") else None
        if found is not None:
            self._take(found)
        elif not self._note_listed(line) and not self._quiet:
            level = self._printed.level(line)
            if line.strip():
                self._context.log(line, level)

    def _take(self, event: ToolEvent) -> None:
        if self._note_listed(event.text):
            return
        told = self.reducer.reduce(event) if self.executing else self.reducer.look_on(event)
        if self._quiet:
            return
        for meant in told:
            self._context.emit(meant)
        if event.level != "debug" and event.text.strip():
            level = "DEBUG" if event.code == _STACK_TRACE else _LEVELS.get(event.level, "INFO")
            self._context.log(event.text, level, event.node_name)

    def _note_listed(self, line: str) -> bool:
        if self._listed is None or not line.startswith("{"):
            return False
        try:
            value = json.loads(line)
        except ValueError:
            return False
        node = value.get("unique_id") if isinstance(value, dict) else None
        if isinstance(node, str):
            self._listed.append(node)
        return isinstance(node, str)


def _plan_of(arguments: Sequence[str], listed: Sequence[str]) -> dict[str, object]:
    return {
        "command": ["dbt", *arguments],
        "models": [node for node in listed if kind_of(node) in MODEL_KINDS],
        "audits": [node for node in listed if kind_of(node) in AUDIT_KINDS],
    }


def _outcome(context: StepContext, code: int, reducer: Reducer) -> StepOutcome:
    if code == 0:
        return StepOutcome(StepStatus.SUCCEEDED, 0)
    if context.stop_requested:
        return StepOutcome(StepStatus.CANCELLED, code)
    return StepOutcome(StepStatus.FAILED, code, failure_reason(code, reducer.summary))


def _nothing_built(select: Sequence[str]) -> str:
    """dbt itself ends well where a selection matches nothing."""
    return f"nothing was built: {' '.join(select) or 'the selection of its steps'} matches nothing"


def _no_dbt(context: StepContext) -> StepOutcome:
    reason = (
        f"There is no dbt in the environment of {context.request.python}; install dbt-core and an adapter for the "
        "database there, or name the right interpreter as the project's `python`."
    )
    context.log(reason, "ERROR")
    return StepOutcome(StepStatus.FAILED, 2, reason)
