"""The lineage of dbt projects that nobody here wrote, held against dbt's own manifest, node by node.

They are kept outside of the repository: RUNROOM_PUBLIC_LINEAGE names a folder that has one project in each of its
folders. They are only read, so they need no data; reading a thousand models takes dbt minutes.
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from store.reads import StoreReader
from store.status import RunStatus
from tests.support.against_graph import differences_from_manifest
from tests.support.live_workspace import LiveWorkspace
from tui.lineage.graph import lineage_of
from tui.lineage.reach import downstream_counts

VARIABLE = "RUNROOM_PUBLIC_LINEAGE"
_GIVEN = os.environ.get(VARIABLE)
_PROJECTS = sorted(file.parent for file in Path(_GIVEN).glob("*/dbt_project.yml")) if _GIVEN else []
_LIMIT_S = 900.0

pytestmark = [
    pytest.mark.real_tool,
    pytest.mark.timeout(_LIMIT_S + 60),
    pytest.mark.skipif(not _PROJECTS, reason=f"{VARIABLE} names no folder with dbt projects"),
]


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
