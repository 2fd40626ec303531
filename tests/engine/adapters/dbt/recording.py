"""Events, manifest and results of real dbt runs of the project in `tests/integration/dbt/projects.py`.

They were taken from the shim's events descriptor and shortened to what is read; `dbt_1_8` and `dbt_1_11` name the
version.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from engine.adapters.dbt.compiled import CompiledFiles
from engine.adapters.dbt.manifest import Manifest, manifest_of
from engine.adapters.dbt.reducer import Reducer, Surroundings
from engine.adapters.dbt.tool_event import ToolEvent, event_of
from store.events import AnyEvent
from store.paths import RunPaths

FOLDER = Path(__file__).with_name("recorded")
VERSIONS = ("dbt_1_8", "dbt_1_11")
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)

RawEvent = dict[str, Any]


@dataclass(frozen=True)
class Recording:
    """One recorded build."""

    events: list[RawEvent]
    manifest: Manifest
    results: dict[str, dict[str, Any]]


def load(version: str) -> Recording:
    """The recording of a build by this version of dbt."""
    lines = (FOLDER / f"{version}.jsonl").read_text().splitlines()
    manifest = json.loads((FOLDER / f"{version}_manifest.json").read_text())
    results = json.loads((FOLDER / f"{version}_results.json").read_text())["results"]
    by_id = {result["unique_id"]: result for result in results}
    return Recording([json.loads(line) for line in lines], manifest_of(manifest), by_id)


class Stop:
    """Whether a stop was asked for; a test raises it when it likes."""

    asked = False

    def __call__(self) -> bool:
        return self.asked


def reducer(manifest: Manifest | None, stop: Stop | None = None, folder: Path = Path("/nowhere")) -> Reducer:
    """A reducer over this manifest, with compiled SQL below `folder`."""
    compiled = CompiledFiles(RunPaths(folder))
    return Reducer(Surroundings(lambda: NOW, compiled, lambda _: manifest, stop or Stop()))


def feed(to: Reducer, events: Iterable[Mapping[str, Any]]) -> list[AnyEvent]:
    """What the reducer makes of these events, one after the other."""
    return [told for event in events for told in to.reduce(parsed(event))]


def parsed(event: Mapping[str, Any]) -> ToolEvent:
    """The event as the reducer gets it."""
    return event_of(event)


def node_event(code: str, node: str, **data: Any) -> RawEvent:
    """An event about a node, as dbt words it."""
    kind, _, rest = node.partition(".")
    info = {"unique_id": node, "node_name": rest.rpartition(".")[2], "resource_type": kind, "materialized": "table"}
    head = {"code": code, "name": "", "level": "info", "msg": "", "thread": "Thread-1", "ts": "2026-11-21T12:00:00Z"}
    return {"info": head, "data": {"node_info": info, **data}}


def selected(*nodes: str) -> RawEvent:
    """The shim's own event before the first node."""
    return {"info": {"name": "SelectedNodes", "level": "debug"}, "data": {"nodes": list(nodes)}}
