"""dbt projects that nobody here wrote, run through Runroom and held against dbt's own record of them.

They are kept outside of the repository: RUNROOM_PUBLIC_PROJECTS names a folder that has one project in each of its
folders, ready to run on DuckDB.
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from store.reads import StoreReader
from store.status import RunStatus
from tests.support.against_dbt import compare
from tests.support.live_workspace import LiveWorkspace

VARIABLE = "RUNROOM_PUBLIC_PROJECTS"
_GIVEN = os.environ.get(VARIABLE)
_PROJECTS = sorted(file.parent for file in Path(_GIVEN).glob("*/dbt_project.yml")) if _GIVEN else []
_LIMIT_S = 300.0

pytestmark = [
    pytest.mark.real_tool,
    pytest.mark.timeout(_LIMIT_S + 60),
    pytest.mark.skipif(not _PROJECTS, reason=f"{VARIABLE} names no folder with dbt projects"),
]


@pytest.mark.parametrize("project", _PROJECTS, ids=lambda project: project.name)
async def test_every_node_is_as_dbt_says(
    project: Path, live: LiveWorkspace, record_property: Callable[[str, object], None]
) -> None:
    shutil.copytree(project, live.folder, dirs_exist_ok=True)
    run = await live.start()
    run = await live.ended(run.id, _LIMIT_S)
    async with StoreReader.open(live.paths.database) as reader:
        comparison = compare(live.files(run.id), await reader.models(run.id), await reader.audits(run.id))

    record_property("run", f"{run.status}, {run.status_reason}")
    record_property("nodes", dict(sorted(comparison.counts.items())))
    assert comparison.differences == []
    assert comparison.counts.total() > 0
    failed = any(key.endswith((" error", " fail")) for key in comparison.counts)
    assert run.status is (RunStatus.FAILED if failed else RunStatus.COMPLETED)
