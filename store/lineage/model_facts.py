"""All that is known of one model in one run."""

from dataclasses import dataclass
from datetime import datetime

from store.lineage.columns import ModelColumns, RunColumns
from store.lineage.definition_changes import DefinitionChanges, read_definition_changes
from store.lineage.graph import Lineage, lineage_of
from store.lineage.impact import Impact, impact_of
from store.lineage.intervals import ModelTimes, times_of
from store.lineage.names import find_model
from store.lineage.overview import ModelOverview, read_overview
from store.lineage.reading import Reading, environment_state
from store.lineage.schema import Schema, read_schema
from store.run_record import RunRecord, read_record


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


async def read_model_facts(reading: Reading, run_id: int, model: str, now: datetime) -> ModelFacts:
    """All about the model that is meant, by any of its names. Raises NoSuchModel, RunNotFound, StoreError."""
    reader = reading.reader
    record = await read_record(reader, run_id)
    run = record.run
    lineage = lineage_of(await reader.graph(run.id), record.models.values())
    node = find_model(lineage, model)
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
