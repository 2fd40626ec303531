"""The answers, made by the functions that make them for the command line."""

import json
from collections.abc import AsyncIterator
from typing import Any

from engine.api.reading.log_answers import line_pieces, search_pieces
from engine.api.reading.questions import (
    Begun,
    BundleQuestion,
    CausesQuestion,
    ChangesQuestion,
    ComparisonQuestion,
    LineageQuestion,
    LinesQuestion,
    ModelQuestion,
    Question,
    RunQuestion,
    SearchQuestion,
)
from engine.api.reading.record import Record
from engine.client.secrets import mask_of_now
from engine.client.versions import earlier_run, read_changes
from store.bundle.making import pack_bundle
from store.changes_json import changes_json
from store.comparison.comparison_json import comparison_json
from store.comparison.reading import read_comparison
from store.comparison.redefinitions import tell_formatting
from store.lineage.causes import read_causes
from store.lineage.causes_json import causes_json
from store.lineage.column_lineage import read_trace
from store.lineage.dot import dot_lines
from store.lineage.model_facts import read_model_facts
from store.lineage.model_json import model_json, trace_json
from store.lineage.reading import Reading
from store.lineage.shown import lineage_json, read_shown
from store.lineage.sql_process import SqlHere
from store.readers import reads_of
from store.run_json import whole_run

Answer = tuple[Begun, AsyncIterator[bytes]]


async def answer(record: Record, question: Question) -> Answer:
    """How the answer begins, and its bytes as they come. Raises StoreError, RunroomError, BadPattern."""
    match question:
        case SearchQuestion():
            return Begun(), search_pieces(record, question)
        case LinesQuestion():
            kind = "text/plain" if question.as_text else "application/json"
            return Begun(content_type=kind), line_pieces(record, question)
        case BundleQuestion():
            return await _bundle(record, question)
        case LineageQuestion():
            return await _lineage(record, question)
        case _:
            return Begun(), _whole(json.dumps(await _content(record, question)))


async def _content(
    record: Record, question: RunQuestion | CausesQuestion | ModelQuestion | ComparisonQuestion | ChangesQuestion
) -> dict[str, Any]:
    match question:
        case RunQuestion():
            return await whole_run(record.reader, record.paths, question.run, record.now)
        case CausesQuestion():
            return causes_json(*await read_causes(record.reader, question.run))
        case ComparisonQuestion():
            found = await read_comparison(record.reader, record.paths, question.runs, record.now)
            told = await tell_formatting(Reading(record.paths, record.reader, SqlHere()), found)
            return comparison_json(told, record.now)
        case ChangesQuestion():
            return await _changes(record, question)
        case ModelQuestion():
            return await _model(record, question)


async def _model(record: Record, question: ModelQuestion) -> dict[str, Any]:
    # This process may take SQL apart: it does nothing else meanwhile.
    reading = Reading(record.paths, record.reader, SqlHere())
    if question.column is None:
        return model_json(await read_model_facts(reading, question.run, question.model, record.now))
    _, trace = await read_trace(reading, question.run, question.model, question.column)
    return trace_json(trace)


async def _changes(record: Record, question: ChangesQuestion) -> dict[str, Any]:
    reader = record.reader
    run = await reader.run(question.run)
    named = None if question.since is None else await reader.run(question.since)
    earlier = await earlier_run(reader, run, named, question.last_good)
    names, changed = await read_changes(reader, record.paths, earlier, run)
    return changes_json(run, changed, names)


async def _lineage(record: Record, question: LineageQuestion) -> Answer:
    shown = await read_shown(record.reader, question.run, question.model, question.up, question.down)
    if not question.as_dot:
        return Begun(), _whole(json.dumps(lineage_json(shown)))
    lines = dot_lines(shown.lineage, shown.away, shown.record.models, f"run {question.run}")
    return Begun(content_type="text/vnd.graphviz"), _whole("".join(f"{line}\n" for line in lines))


async def _bundle(record: Record, question: BundleQuestion) -> Answer:
    made = await pack_bundle(reads_of(record.paths), record.paths, question.run, mask_of_now, record.now)
    if question.short:
        return Begun(content_type="text/markdown"), _whole(f"{made.short}\n")
    return Begun(content_type="application/gzip", file_name=made.name), _whole(made.content)


async def _whole(content: str | bytes) -> AsyncIterator[bytes]:
    yield content.encode() if isinstance(content, str) else content
