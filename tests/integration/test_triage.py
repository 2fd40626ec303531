"""Runs that are over are looked after: acknowledged, archived, deleted and had back, and it is known who did it."""

import json
from pathlib import Path

import pytest

from engine.client.launch import ensure_engine, stop_engine
from engine.errors import UsageError
from engine.rebuild import rebuild, set_aside
from store.clock import system_clock
from store.errors import RunNotFound
from store.filters import RunFilter
from store.reads import StoreReader
from store.status import RunStatus
from tests.integration.command_line.conftest import Shell
from tests.integration.dbt.projects import write_project
from tests.support.live_workspace import LiveWorkspace

pytestmark = [pytest.mark.real_tool, pytest.mark.timeout(300)]

_PROJECT = {
    "dbt_project.yml": "name: shop\nprofile: shop\nflags: {send_anonymous_usage_stats: false}\n",
    "profiles.yml": "shop: {target: dev, outputs: {dev: {type: duckdb, path: shop.duckdb}}}\n",
    "models/orders.sql": "select no_such_column from (select 1 as id)",
}


@pytest.fixture
def shell(live: LiveWorkspace) -> Shell:
    return Shell(live.folder)


async def _failed(live: LiveWorkspace) -> int:
    write_project(live.folder, _PROJECT)
    run = await live.run_to_end("build")
    assert (run.status, run.handling) == (RunStatus.FAILED, "new")
    return run.id


async def _unhandled(folder: LiveWorkspace) -> int:
    async with StoreReader.open(folder.paths.database) as reader:
        return sum((await reader.triage.unhandled()).values())


async def test_a_failure_is_acknowledged_with_a_note_and_then_made_good(live: LiveWorkspace, shell: Shell) -> None:
    run_id = await _failed(live)
    assert await _unhandled(live) == 1
    said = shell("acknowledge", f"#{run_id}", "--note", "upstream **renamed** it", "--author", "anna")
    assert (said.returncode, "acknowledged" in said.stdout) == (0, True)
    run = await live.run(run_id)
    assert (run.handling, run.acknowledged_by, run.acknowledgement) == (
        "acknowledged",
        "anna",
        "upstream **renamed** it",
    )
    assert await _unhandled(live) == 0

    assert shell("acknowledge", str(run_id), "--undo", "--author", "ben").returncode == 0
    assert (await live.run(run_id)).handling == "new"

    (live.folder / "models/orders.sql").write_text("select id from (select 1 as id)")
    good = await live.run_to_end("build")
    run = await live.run(run_id)
    assert (good.status, run.handling, run.superseded_by) == (RunStatus.COMPLETED, "superseded", good.id)
    refused = shell("acknowledge", str(good.id))
    assert (refused.returncode, f"#{good.id} did not fail" in refused.stderr) == (2, True)

    listed = json.loads(shell("actions", str(run_id), "--json").stdout)
    assert [(each["action"], each["author"]) for each in listed][:2] == [
        ("unacknowledge", "ben"),
        ("acknowledge", "anna"),
    ]
    assert listed[-1]["action"] == "start"


async def test_an_archived_run_is_out_of_the_lists_and_still_there(live: LiveWorkspace, shell: Shell) -> None:
    run_id = await _failed(live)
    assert shell("archive", str(run_id)).returncode == 0
    async with StoreReader.open(live.paths.database) as reader:
        assert await reader.runs(RunFilter(), 10) == []
        assert [run.id for run in await reader.runs(RunFilter(archived=True), 10)] == [run_id]
    assert await _unhandled(live) == 0
    assert "no_such_column" in shell("show", str(run_id)).stdout
    assert shell("archive", str(run_id), "--undo").returncode == 0
    assert shell("archive", str(run_id), "--undo").returncode == 2


async def test_a_deleted_run_is_had_back_as_it_was_until_the_engine_goes(live: LiveWorkspace, shell: Shell) -> None:
    run_id = await _failed(live)
    assert shell("acknowledge", str(run_id), "--note", "known").returncode == 0
    before = json.loads(shell("show", str(run_id), "--json").stdout)
    assert shell("delete", str(run_id)).returncode == 2
    assert shell("delete", str(run_id), "--yes").returncode == 0
    with pytest.raises(RunNotFound):
        await live.run(run_id)
    assert not live.files(run_id).folder.exists()

    assert shell("undelete", str(run_id)).returncode == 0
    assert json.loads(shell("show", str(run_id), "--json").stdout) == before

    assert shell("delete", str(run_id), "--yes", "--author", "anna").returncode == 0
    await stop_engine(live.paths)
    assert not live.paths.deleted_run(run_id).folder.exists()
    async with await ensure_engine(live.folder) as client:
        with pytest.raises(UsageError, match="no deleted run"):
            await client.triage(run_id, "undelete")
    (latest, *_) = json.loads(shell("actions", str(run_id), "--json").stdout)
    assert (latest["action"], latest["author"]) == ("delete", "anna")


async def test_what_people_did_is_in_the_files_too(live: LiveWorkspace, shell: Shell) -> None:
    run_id = await _failed(live)
    assert shell("acknowledge", str(run_id), "--note", "known", "--author", "anna").returncode == 0
    await stop_engine(live.paths)
    set_aside(live.paths.database)
    await rebuild(live.paths, system_clock)
    run = await live.run(run_id)
    assert (run.handling, run.acknowledged_by, run.acknowledgement) == ("acknowledged", "anna", "known")


async def test_the_host_is_known_with_its_addresses(live: LiveWorkspace, shell: Shell) -> None:
    run_id = await _failed(live)
    (host,) = json.loads(shell("hosts", str(run_id), "--json").stdout)
    assert host["name"] == (await live.run(run_id)).host
    assert all(not address.startswith("127.") for address in host["addresses"])


def test_bad_use_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    write_project(tmp_path / "shop", _PROJECT)
    shell = Shell(tmp_path / "shop")
    for words in (["acknowledge", "7"], ["acknowledge", "latest", "--undo", "--note", "x"], ["delete", "x", "--yes"]):
        refused = shell(*words)
        assert refused.returncode == 2, words
        assert refused.stderr.startswith("runroom: ")
