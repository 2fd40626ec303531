"""The environment variables of whoever asks: they reach the tool and nothing else."""

import os
from pathlib import Path

import pytest

from store.status import RunStatus
from tests.integration.dbt.projects import write_project
from tests.support.live_workspace import LiveWorkspace

pytestmark = [pytest.mark.real_tool, pytest.mark.timeout(180)]

UNUSED = "a-value-that-no-project-asks-for"
SECRET = "correct-horse-battery"
FILES = {
    "models/orders.sql": """
{% if env_var('SHOP_IS') != 'open' %}{{ exceptions.raise_compiler_error('the shop is closed') }}{% endif %}
{{ log('connecting with ' ~ env_var('WAREHOUSE_PASSWORD'), info=True) }}
select 1 as id
""",
    "models/talkative.sql": """
{{ config(materialized='table') }}
select error('refused for ' || '{{ env_var('WAREHOUSE_PASSWORD') }}') as id
""",
}


def containing(folder: Path, value: str) -> set[str]:
    """The files below a folder in which the value stands."""
    files = (file for file in folder.rglob("*") if file.is_file())
    return {str(file.relative_to(folder)) for file in files if value.encode() in file.read_bytes()}


async def test_they_reach_the_tool_and_secrets_are_hidden(live: LiveWorkspace) -> None:
    write_project(live.folder, FILES)
    mine = {"SHOP_IS": "open", "WAREHOUSE_PASSWORD": SECRET, "NOT_FOR_DBT": UNUSED}
    run = await live.run_to_end(process_environment={**os.environ, **mine})
    files = live.files(run.id)

    assert run.status is RunStatus.FAILED
    assert (run.counts.models_succeeded, run.counts.models_failed) == (1, 1)
    assert "connecting with •••" in (files.logs / "02-build.log").read_text()
    assert "refused for •••" in files.journal.read_text()
    assert containing(live.paths.record, UNUSED) == set()
    assert "•••" in (files.target / "compiled/shop/models/talkative.sql").read_text()
    # dbt's own parse of the project, which nobody is shown, is of no use to it without the value.
    assert {Path(name).suffix for name in containing(live.paths.record, SECRET)} == {".msgpack"}


async def test_another_run_does_not_inherit_them(live: LiveWorkspace) -> None:
    write_project(live.folder, {"models/orders.sql": "select '{{ env_var('SHOP_IS', 'unknown') }}' as is_open"})
    wanted = {"environment": "dev", "steps": ["compile"]}
    first = await live.run_to_end(None, process_environment={**os.environ, "SHOP_IS": "open"}, **wanted)
    second = await live.run_to_end(None, **wanted)

    compiled = [live.files(run.id).target / "compiled/shop/models/orders.sql" for run in (first, second)]
    assert [file.read_text() for file in compiled] == ["select 'open' as is_open", "select 'unknown' as is_open"]
