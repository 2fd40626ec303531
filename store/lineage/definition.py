"""What exactly a run executed of a model: its source, and what that was compiled to."""

import asyncio
from dataclasses import dataclass, replace
from typing import Literal

from pydantic import ValidationError

from store.definitions import RecordedDefinition, definition_file, executed_file
from store.events import Column
from store.lineage.dbt_files import catalog_columns, manifest_text
from store.lineage.reading import Reading
from store.models import ModelExecution, Run
from store.run_file import RunFileError, read_run_file, run_file
from store.status import ModelStatus

Language = Literal["sql", "python", "csv"]
_EARLIER_RUNS = 100
_LONGEST = 2_000_000


@dataclass(frozen=True, slots=True)
class Definition:
    """A model's text. `run_id` is the run that it is taken from, which is an earlier one where `note` says so.

    `source` is what people wrote (with Jinja or macros in it; of SQLMesh as it keeps it), `compiled` the query that
    comes to, `statement` the last one by which a run of SQLMesh wrote the model. What is not known is None, and
    `note` says why. `columns` are those that the tool told with it: SQLMesh always, dbt in its catalog.
    """

    run_id: int
    node: str
    language: Language = "sql"
    dialect: str | None = None
    source: str | None = None
    compiled: str | None = None
    statement: str | None = None
    columns: tuple[Column, ...] = ()
    note: str = ""


async def read_definition(reading: Reading, run: Run, node: str) -> Definition:
    """The model's definition as of this run. Raises StoreError."""
    if run.tool == "dbt":
        return await _of_dbt(reading, run, node)
    return await _of_sqlmesh(reading, run, node)


async def read_compiled(reading: Reading, run: Run, node: str) -> Definition:
    """The definition as of this run or, where this run did not compile the model, of the latest before that did."""
    found = await read_definition(reading, run, node)
    if found.compiled is not None or run.tool != "dbt":
        return found
    for past in await reading.reader.past_executions(run, node, _EARLIER_RUNS):
        if past.run_id == run.id or past.status not in (ModelStatus.SUCCEEDED, ModelStatus.FAILED):
            continue
        earlier = await read_definition(reading, await reading.reader.run(past.run_id), node)
        if earlier.compiled is not None:
            return earlier
    return found


async def _of_dbt(reading: Reading, run: Run, node: str) -> Definition:
    files = reading.paths.run(run.id)
    text = await asyncio.to_thread(manifest_text, files, node)
    execution = await reading.reader.model(run.id, node)
    compiled = await _compiled_file(reading, run, execution) or (text.compiled if text else None)
    kind = node.partition(".")[0]
    language: Language = "csv" if kind == "seed" else "python" if text and text.language == "python" else "sql"
    return Definition(
        run_id=run.id,
        node=node,
        language=language,
        dialect=text.dialect if text else None,
        source=text.source if text else None,
        compiled=compiled,
        columns=await asyncio.to_thread(catalog_columns, files, node),
        note=_note_of_dbt(kind, text is not None, compiled is not None),
    )


def _note_of_dbt(kind: str, in_manifest: bool, compiled: bool) -> str:
    if kind in ("source", "exposure"):
        return f"A {'source' if kind == 'source' else 'dashboard or report'} has no definition of its own."
    if kind == "seed":
        return "A seed is a file of data: it has no query."
    if not in_manifest:
        return "The run left no manifest with this model, so its source is not known."
    return "" if compiled else "This run did not compile the model."


async def _compiled_file(reading: Reading, run: Run, execution: ModelExecution | None) -> str | None:
    if execution is None or execution.compiled_file is None:
        return None
    try:
        return await read_run_file(reading.paths.run(run.id).folder, execution.compiled_file, _LONGEST)
    except RunFileError:
        return None


async def _of_sqlmesh(reading: Reading, run: Run, node: str) -> Definition:
    recorded = await asyncio.to_thread(_recorded, reading, run.id, node)
    if recorded is not None:
        return recorded
    for past in await reading.reader.past_executions(run, node, _EARLIER_RUNS):
        earlier = None if past.run_id == run.id else await asyncio.to_thread(_recorded, reading, past.run_id, node)
        if earlier is not None:
            return replace(earlier, note=f"As it was last executed here, in #{past.run_id}.")
    return Definition(run.id, node, note="No run of this environment executed it since Runroom keeps definitions.")


def _recorded(reading: Reading, run_id: int, node: str) -> Definition | None:
    files = reading.paths.run(run_id)
    try:
        told = RecordedDefinition.model_validate_json(
            run_file(files.folder, str(definition_file(files, node).relative_to(files.folder))).read_bytes()
        )
    except (OSError, ValidationError, RunFileError):
        return None
    if told.model != node:
        # Two names may come to the same file name.
        return None
    statement = executed_file(files, node)
    return Definition(
        run_id=run_id,
        node=node,
        language=told.language,
        dialect=told.dialect,
        source=told.definition,
        compiled=told.query,
        statement=statement.read_text(encoding="utf-8") if statement.is_file() else None,
        columns=told.columns,
    )
