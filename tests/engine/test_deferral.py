"""A ci run refers to production as its last good run left it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from engine.configuration.workspace import Workspace
from engine.deferral import note_production
from engine.run_files import read_request, write_request
from store.models import Environment, GitHead, RunRequest
from store.paths import WorkspacePaths
from store.reads import StoreReader
from store.status import RunStatus
from store.writes import StoreWriter
from tests.store.making import finished, happen, request, started

REQUEST = GitHead(ref="refs/pull/7/head", commit="c1")
CHECK = {"environment": "dev", "job": "check", "job_type": "ci", "head": REQUEST}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Production and a place for checks."""
    places = (
        Environment(project="flights", name="prod", type="production"),
        Environment(project="flights", name="dev"),
    )
    return Workspace(paths=WorkspacePaths(tmp_path), name="analytics", environments=places)


@pytest.fixture
async def writer(workspace: Workspace) -> AsyncIterator[StoreWriter]:
    """The record of that workspace."""
    workspace.paths.record.mkdir()
    async with StoreWriter.open(workspace.paths.database) as writer:
        yield writer


async def past(writer: StoreWriter, workspace: Workspace, run_id: int, status: RunStatus, **changes: object) -> Path:
    """A run that is over and left a manifest; returns where."""
    await writer.create_run(request(run_id, **changes))
    await happen(writer, run_id, started(), finished(status))
    target = workspace.paths.run(run_id).target
    target.mkdir(parents=True)
    (target / "manifest.json").write_text("{}", encoding="utf-8")
    return target


async def noted(workspace: Workspace, **changes: object) -> RunRequest:
    files = workspace.paths.run(9)
    write_request(files, request(9, **changes))
    async with StoreReader.open(workspace.paths.database) as reader:
        await note_production(reader, workspace, files)
    return read_request(files)


async def test_the_last_good_run_of_production_counts(writer: StoreWriter, workspace: Workspace) -> None:
    await past(writer, workspace, 1, RunStatus.COMPLETED)
    good = await past(writer, workspace, 2, RunStatus.PARTIAL)
    await past(writer, workspace, 3, RunStatus.FAILED)
    await past(writer, workspace, 4, RunStatus.COMPLETED, environment="dev")
    await past(writer, workspace, 5, RunStatus.COMPLETED, job="check", job_type="ci", head=REQUEST)

    assert (await noted(workspace, **CHECK)).defer_to == str(good)


async def test_a_run_whose_files_are_gone_is_of_no_use(writer: StoreWriter, workspace: Workspace) -> None:
    (await past(writer, workspace, 1, RunStatus.COMPLETED)).joinpath("manifest.json").unlink()
    assert (await noted(workspace, **CHECK)).defer_to is None


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"job_type": "ci"},
        {**CHECK, "tool": "sqlmesh"},
        {**CHECK, "head": GitHead(ref="refs/heads/main", commit="c1")},
    ],
)
async def test_other_runs_refer_to_nothing(
    writer: StoreWriter, workspace: Workspace, changes: dict[str, object]
) -> None:
    await past(writer, workspace, 1, RunStatus.COMPLETED)
    assert (await noted(workspace, **changes)).defer_to is None


async def test_without_production_there_is_nothing_to_refer_to(writer: StoreWriter, workspace: Workspace) -> None:
    await past(writer, workspace, 1, RunStatus.COMPLETED)
    bare = replace(workspace, environments=workspace.environments[1:])
    assert (await noted(bare, **CHECK)).defer_to is None
