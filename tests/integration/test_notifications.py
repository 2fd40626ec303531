"""People are told by a real engine of real dbt runs."""

import json
from pathlib import Path
from typing import Any

import pytest

from engine.client.launch import ensure_engine
from store.status import RunStatus
from tests.integration.dbt.projects import write_project
from tests.support.live_workspace import LiveWorkspace
from tests.support.waiting import until

pytestmark = [pytest.mark.real_tool, pytest.mark.timeout(240)]

_PROFILES = "shop: {target: dev, outputs: {dev: {type: duckdb, path: shop.duckdb}}}\n"
_CONFIGURATION = """
[projects.shop]
tool = "dbt"
path = "."

[jobs.nightly]
project = "shop"
environment = "dev"
steps = ["build"]

[notifications.oncall]
command = ["./page.sh"]

[notifications.broken]
command = ["./nothing-there"]
"""


def _messages(folder: Path) -> list[dict[str, Any]]:
    took = folder / "took.jsonl"
    return [json.loads(line) for line in took.read_text().splitlines() if line] if took.exists() else []


async def test_a_broken_model_is_told_of_and_that_it_is_well_again(live: LiveWorkspace) -> None:
    project = {
        "dbt_project.yml": "name: shop\nprofile: shop\nflags: {send_anonymous_usage_stats: false}\n",
        "profiles.yml": _PROFILES,
        "models/orders.sql": "select no_such_column from (select 1 as id)",
        "models/daily.sql": "select * from {{ ref('orders') }}",
        "runroom.toml": _CONFIGURATION,
        "page.sh": "#!/bin/sh\n(cat; echo) >> took.jsonl\n",
    }
    write_project(live.folder, project)
    (live.folder / "page.sh").chmod(0o755)

    failed = await live.run_to_end("nightly")
    assert failed.status is RunStatus.FAILED
    await until(lambda: bool(_messages(live.folder)), "a message arrives")
    (message,) = _messages(live.folder)
    assert message["title"] == "✗ nightly in shop/dev failed: orders"
    assert "no_such_column" in message["body"]
    assert "took down 1 model: daily" in message["body"]
    assert (message["run"]["id"], message["run"]["status"]) == (failed.id, "failed")

    (live.folder / "models/orders.sql").write_text("select id from (select 1 as id)")
    good = await live.run_to_end("nightly")
    assert good.status is RunStatus.COMPLETED
    await until(lambda: len(_messages(live.folder)) == 2, "the recovery is told of")
    assert _messages(live.folder)[1]["occasion"] == "recovery"

    async with await ensure_engine(live.folder) as client:
        tested = await client.test_notifications()
    assert tested["oncall"] is None
    assert tested["broken"] is not None
    assert "could not be started" in tested["broken"]
