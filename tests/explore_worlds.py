"""Worlds for the Explore tab: one run each, over a graph of a shape of its own."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from store import events
from store.events import AnyEvent, GraphNode
from store.paths import WorkspacePaths
from store.status import ModelStatus, RunStatus, StepStatus
from store.writes import StoreWriter
from tests.tui.graph_layout.graphs import large_parents
from tests.worlds import ENVIRONMENTS, JOBS, NOW, PROJECTS, World, WorldBuilder, open_world

ERROR = """Database Error in model {name} (models/{name}.sql)
  Conversion Error: Could not convert string 'n/a' to DOUBLE
  LINE 3: cast(fare as double) as fare
               ^"""
_MODEL_S = 2.5

Parents = Mapping[str, Sequence[str]]

_SMALL: Parents = {
    "raw.trips": (),
    "stg_trips": ("raw.trips",),
    "fares": ("stg_trips",),
    "zones": ("stg_trips",),
    "report": ("fares", "zones"),
}
_FAILED: Parents = {
    "raw.trips": (),
    "raw.zones": (),
    "stg_trips": ("raw.trips",),
    "stg_zones": ("raw.zones",),
    "fares": ("stg_trips",),
    "zones": ("stg_zones",),
    "fare_days": ("fares",),
    "fare_zones": ("fares", "zones"),
    "zone_days": ("zones",),
    "finance": ("fare_days", "fare_zones"),
    "dashboard Fares": ("finance",),
    "dashboard Zones": ("zone_days",),
}


def _wide() -> Parents:
    """A hub: one model that sixty others read, each of them read by one more."""
    parents: dict[str, Sequence[str]] = {"raw.events": (), "stg_events": ("raw.events",)}
    for number in range(1, 61):
        parents[f"daily_{number:02d}"] = ("stg_events",)
        parents[f"weekly_{number:02d}"] = (f"daily_{number:02d}",)
    return parents


def _deep() -> Parents:
    """A chain of thirty models, with an edge that leaps over each third one."""
    parents: dict[str, Sequence[str]] = {"step_01": ()}
    for number in range(2, 31):
        before = [f"step_{number - 1:02d}"]
        parents[f"step_{number:02d}"] = [*before, f"step_{number - 3:02d}"] if number % 3 == 1 else before
    return parents


_SHAPES: dict[str, tuple[Parents, str | None]] = {
    # The world: its graph, and the model that fails in its run.
    "small": (_SMALL, None),
    "wide": (_wide(), None),
    "deep": (_deep(), "step_12"),
    "cone": (_FAILED, "fares"),
    "thousand": (large_parents(1_000), "m0500"),
}


async def build_explore_world(name: str, folder: Path) -> World:
    """Makes a world with one finished run, `run`, of the job nightly."""
    parents, failing = _SHAPES[name]
    paths = WorkspacePaths(folder)
    paths.record.mkdir(parents=True, exist_ok=True)
    async with StoreWriter.open(paths.database) as writer:
        await writer.sync_workspace("analytics", PROJECTS, ENVIRONMENTS, JOBS)
        builder = WorldBuilder(writer, paths)
        begin = NOW - timedelta(minutes=30)
        run_id = await builder.ask("run", begin - timedelta(seconds=1))
        found = _events(parents, failing, begin)
        await builder.happen(run_id, *(each.model_copy(update={"seq": seq}) for seq, each in enumerate(found, 1)))
    return open_world(folder, builder.runs)


def key_of(name: str) -> str:
    """The unique name of a node of these worlds."""
    return f"{_kind(name)}.flights.{name}"


def _kind(name: str) -> str:
    return "source" if name.startswith("raw.") else "exposure" if name.startswith("dashboard") else "model"


def _nodes(parents: Parents) -> tuple[GraphNode, ...]:
    return tuple(
        GraphNode(
            model=key_of(name),
            name=name,
            kind=_kind(name),
            parents=tuple(map(key_of, reads)),
            selected=_kind(name) == "model",
            materialized="table" if _kind(name) == "model" else None,
            relation=f'"flights"."main"."{name}"' if _kind(name) == "model" else None,
            file=f"models/{name}.sql" if _kind(name) == "model" else None,
        )
        for name, reads in parents.items()
    )


def _events(parents: Parents, failing: str | None, begin: datetime) -> list[AnyEvent]:
    found: list[AnyEvent] = [
        events.RunStarted(ts=begin, pid=4711, pid_started=begin.timestamp(), host="lab-1", tool="dbt"),
        events.StepStarted(ts=begin, step=1, name="build", command=("dbt", "build"), log="logs/01-build.log"),
        events.Graph(ts=begin, nodes=_nodes(parents)),
    ]
    causes: dict[str, str] = {}
    moment = begin
    for number, (name, reads) in enumerate(parents.items()):
        if _kind(name) != "model":
            continue
        cause = next((causes[each] for each in reads if each in causes), None)
        if cause is None and name == failing:
            causes[name] = key_of(name)
        elif cause is not None:
            causes[name] = cause
        seconds = _MODEL_S + number % 7 / 2
        found += _executed(name, cause, name == failing, moment, seconds)
        moment += timedelta(seconds=0 if cause else seconds)
    status = RunStatus.FAILED if failing else RunStatus.COMPLETED
    step = StepStatus.FAILED if failing else StepStatus.SUCCEEDED
    return [
        *found,
        events.StepFinished(ts=moment, step=1, status=step, exit_code=1 if failing else 0),
        events.RunFinished(ts=moment, status=status),
    ]


def _executed(name: str, cause: str | None, fails: bool, start: datetime, seconds: float) -> list[AnyEvent]:
    model = key_of(name)
    if cause is not None:
        return [events.ModelFinished(ts=start, model=model, status=ModelStatus.SKIPPED, cause=cause)]
    end = start + timedelta(seconds=seconds)
    finished = events.ModelFinished(
        ts=end,
        model=model,
        status=ModelStatus.FAILED if fails else ModelStatus.SUCCEEDED,
        duration_s=seconds,
        rows=None if fails else 1_000,
        error=ERROR.format(name=name) if fails else None,
    )
    return [events.ModelStarted(ts=start, model=model, thread="Thread-1"), finished]
