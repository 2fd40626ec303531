"""What the reading half of the lineage works with."""

from dataclasses import dataclass

from store.events import EnvironmentState
from store.lineage.sql_requests import SqlKnowledge
from store.models import Run
from store.paths import WorkspacePaths
from store.reads import StoreReader


@dataclass(frozen=True, slots=True)
class Reading:
    """The record, the files of its runs, and somebody to ask about SQL."""

    paths: WorkspacePaths
    reader: StoreReader
    sql: SqlKnowledge


async def environment_state(reader: StoreReader, run: Run) -> EnvironmentState | None:
    """What the tool's own state last said of the run's environment; None where it keeps none. Raises StoreError."""
    place = (run.project, run.environment)
    found = [each for each in await reader.environments() if (each.project, each.name) == place]
    target = found[0].target if found else None
    return (await reader.environment_states(run.project)).get(target or run.environment)
