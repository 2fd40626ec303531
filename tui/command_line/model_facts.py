"""All that is known of one model in one run, for `runroom model`."""

from dataclasses import dataclass
from datetime import datetime

from store.paths import WorkspacePaths
from tui.command_line.lineage_command import chosen_model
from tui.command_line.record import open_record
from tui.command_line.run_reference import find_run
from tui.lineage.columns import ModelColumns, RunColumns
from tui.lineage.definition_changes import DefinitionChanges, read_definition_changes
from tui.lineage.graph import Lineage, lineage_of
from tui.lineage.impact import Impact, impact_of
from tui.lineage.intervals import ModelTimes, times_of
from tui.lineage.overview import ModelOverview, read_overview
from tui.lineage.reading import Reading, environment_state
from tui.lineage.schema import Schema, read_schema
from tui.lineage.sql_process import SqlHere
from tui.run_view.record import RunRecord, read_record


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """A model as of one run, in all the ways that Explore shows it."""

    record: RunRecord
    lineage: Lineage
    node: str
    overview: ModelOverview
    impact: Impact
    times: ModelTimes
    definition: DefinitionChanges
    schema: Schema
    columns: ModelColumns


async def read_model_facts(paths: WorkspacePaths, reference: str, model: str, now: datetime) -> ModelFacts:
    """Raises UsageError where the run has no such model, RunNotFound, StoreError."""
    async with open_record(paths) as reader:
        record = await read_record(reader, (await find_run(reader, reference)).id)
        run = record.run
        lineage = lineage_of(await reader.graph(run.id), record.models.values())
        node = chosen_model(lineage, model)
        reading = Reading(paths, reader, SqlHere())
        return ModelFacts(
            record=record,
            lineage=lineage,
            node=node,
            overview=await read_overview(reader, record, lineage, node, now),
            impact=impact_of(record, lineage, node),
            times=times_of(record, await environment_state(reader, run), node),
            definition=await read_definition_changes(reading, run, node),
            schema=await read_schema(reading, run, lineage, node),
            columns=await RunColumns(reading, run, lineage).of(node),
        )
