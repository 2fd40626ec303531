"""The lineage of projects that nobody here wrote, held against what dbt and SQLMesh say of them, node by node.

They are kept outside of the repository: RUNROOM_PUBLIC_LINEAGE names a folder that has one dbt project in each of its
folders. They are only read, so they need no data; reading a thousand models takes dbt minutes. Those of SQLMesh are
found as tests.integration.sqlmesh.test_public_sqlmesh_projects finds them.
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from store.lineage.columns import RunColumns
from store.lineage.graph import lineage_of
from store.lineage.reach import downstream_counts
from store.lineage.reading import Reading
from store.lineage.sql_process import SqlHere
from store.models import RunOptions
from store.reads import StoreReader
from store.status import RunStatus
from tests.integration.sqlmesh.test_public_sqlmesh_projects import PROJECTS as MESH_PROJECTS
from tests.integration.sqlmesh.test_public_sqlmesh_projects import VARIABLE as MESH_VARIABLE
from tests.support.against_graph import column_differences, differences, differences_from_manifest
from tests.support.against_sqlmesh import sqlmesh_says
from tests.support.live_workspace import LiveWorkspace

VARIABLE = "RUNROOM_PUBLIC_LINEAGE"
_GIVEN = os.environ.get(VARIABLE)
_PROJECTS = sorted(file.parent for file in Path(_GIVEN).glob("*/dbt_project.yml")) if _GIVEN else []
_LIMIT_S = 900.0

pytestmark = [pytest.mark.real_tool, pytest.mark.timeout(_LIMIT_S + 60)]


@pytest.mark.skipif(not _PROJECTS, reason=f"{VARIABLE} names no folder with dbt projects")
@pytest.mark.parametrize("project", _PROJECTS, ids=lambda project: project.name)
async def test_every_edge_is_as_dbt_says(
    project: Path, live: LiveWorkspace, record_property: Callable[[str, object], None]
) -> None:
    shutil.copytree(project, live.folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("target", "dbt_packages"))
    run = await live.start(kind="plan")
    run = await live.ended(run.id, _LIMIT_S)
    assert run.status is RunStatus.COMPLETED, run.status_reason
    async with StoreReader.open(live.paths.database) as reader:
        lineage = lineage_of(await reader.graph(run.id))

    models = sum(node.kind == "model" for node in lineage.nodes.values())
    record_property("nodes", f"{len(lineage.nodes)} nodes, {models} models")
    assert differences_from_manifest(lineage, live.files(run.id)) == []
    # The counts for all nodes at once are those of a walk from each.
    assert downstream_counts(lineage) == {node: len(lineage.downstream(node)) for node in lineage.nodes}


@pytest.mark.skipif(not MESH_PROJECTS, reason=f"{MESH_VARIABLE} names no folder with SQLMesh projects")
@pytest.mark.parametrize("project", MESH_PROJECTS, ids=lambda project: project.name)
async def test_every_edge_and_every_column_is_as_sqlmesh_says(
    project: Path, live: LiveWorkspace, record_property: Callable[[str, object], None]
) -> None:
    chosen = project / "gateway"
    gateway = chosen.read_text().strip() if chosen.exists() else None
    shutil.copytree(project, live.folder / "mesh")
    named = f'gateway = "{gateway}"\n' if gateway else ""
    (live.folder / "runroom.toml").write_text(
        f'[projects.mesh]\ntool = "sqlmesh"\npath = "./mesh"\n[environments.prod]\nproject = "mesh"\n{named}'
    )
    # Without data: the tables of all models are made, and with them their definitions are told.
    run = await live.start(
        None,
        environment="mesh/prod",
        kind="plan",
        steps=["plan --empty-backfill"],
        options=RunOptions(apply=True, skip_tests=True),
    )
    run = await live.ended(run.id, _LIMIT_S)
    said = sqlmesh_says(live.folder / "mesh", "lineage", gateway=gateway)
    async with StoreReader.open(live.paths.database) as reader:
        lineage = lineage_of(await reader.graph(run.id))
        columns = RunColumns(Reading(live.paths, reader, SqlHere()), run, lineage)
        known = {node: await columns.of(node) for node in lineage.nodes}

    record_property("nodes", f"{len(lineage.nodes)} nodes, {sum(map(len, said['columns'].values()))} columns")
    assert run.status in (RunStatus.COMPLETED, RunStatus.PARTIAL), run.status_reason
    assert differences(lineage, said["parents"], said["children"]) == []
    assert column_differences(lineage, known, said["columns"]) == []
