"""All that a bundle about a run is made of, read once."""

import asyncio
import os
import platform
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from store.bundle.excerpts import Excerpt, excerpts
from store.bundle.packages import read_packages
from store.causes import Cause
from store.lineage.causes import RunCauses, find_causes, read_failing_since
from store.lineage.definition import Definition, read_definition
from store.lineage.graph import Lineage, lineage_of
from store.lineage.reading import Reading
from store.lineage.sql_process import SqlHere
from store.logs.log_file import FileUnreadable
from store.models import Environment, RunRequest
from store.paths import RunPaths, WorkspacePaths
from store.readers import Reads
from store.reads import StoreReader
from store.run_failures import Failure, failures
from store.run_json import whole_run
from store.run_record import RunRecord, read_record

_VARIABLES = ("DBT_", "SQLMESH_", "RUNROOM_", "DO_NOT_TRACK")


@dataclass(frozen=True, slots=True)
class Material:
    """What is known of the run. `definitions` are those of failed models, by their unique names.

    `causes_of` is the cause of each failure by the unique name of its node, `variables` names those that are set now.
    """

    record: RunRecord
    whole: Mapping[str, Any]
    lineage: Lineage
    roots: RunCauses
    failures: tuple[Failure, ...]
    causes_of: Mapping[str, Cause]
    definitions: Mapping[str, Definition]
    excerpts: tuple[Excerpt, ...]
    request: RunRequest | None
    environment: Environment | None
    versions: Mapping[str, str]
    variables: tuple[str, ...]
    now: datetime


async def gather(reads: Reads, paths: WorkspacePaths, run_id: int, now: datetime) -> Material:
    """Reads the run as it is now, whether it goes on or not. Raises StoreError."""
    async with reads() as reader:
        record = await read_record(reader, run_id)
        lineage = lineage_of(await reader.graph(run_id), record.models.values())
        found = failures(record)
        nodes = [failure.key for failure in found if failure.kind == "model"]
        sql = Reading(paths, reader, SqlHere())
        return Material(
            record=record,
            whole=await whole_run(reader, paths, run_id, now),
            lineage=lineage,
            roots=find_causes(record, lineage, await read_failing_since(reader, record)),
            failures=found,
            causes_of=await _causes_of(reader, record),
            definitions={node: await read_definition(sql, record.run, node) for node in nodes},
            excerpts=await asyncio.to_thread(_readable_excerpts, paths.run(run_id).logs),
            request=await asyncio.to_thread(_request, paths.run(run_id)),
            environment=await _environment(reader, record),
            versions=await asyncio.to_thread(_versions, record, paths.run(run_id)),
            variables=tuple(sorted(name for name in os.environ if name.startswith(_VARIABLES))),
            now=now,
        )


async def _causes_of(reader: StoreReader, record: RunRecord) -> dict[str, Cause]:
    causes = {cause.key: cause for cause in record.causes}
    return {
        failure.node: causes[failure.cause]
        for failure in await reader.failures(record.run.id)
        if failure.cause in causes
    }


async def _environment(reader: StoreReader, record: RunRecord) -> Environment | None:
    place = (record.run.project, record.run.environment)
    return next((each for each in await reader.environments() if (each.project, each.name) == place), None)


def _readable_excerpts(logs: Path) -> tuple[Excerpt, ...]:
    # A log that is gone or closed to us is no reason to have no bundle; its absence shows.
    with suppress(FileUnreadable):
        return tuple(excerpts(logs))
    return ()


def _request(files: RunPaths) -> RunRequest | None:
    """What was asked for; None where that file is gone or not to be understood."""
    with suppress(OSError, ValueError):
        return RunRequest.model_validate_json(files.request.read_bytes())
    return None


def _versions(record: RunRecord, files: RunPaths) -> dict[str, str]:
    """Of the tool with its packages, of Runroom and its surroundings, and of the project. Reads files: for a thread."""
    run = record.run
    told = {
        run.tool: run.tool_version or "unknown",
        **read_packages(files.journal),
        "runroom": version("runroom"),
        "python of runroom": platform.python_version(),
        "system": platform.platform(),
        "branch": run.branch or "",
        "commit": run.commit or "",
        "project version": run.version or "",
    }
    return {name: value for name, value in told.items() if value}
