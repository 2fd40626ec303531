"""With real dbt: change a model, see the change, put it back, and run again in the three ways."""

from pathlib import Path

import pytest

from engine.client.launch import ensure_engine
from engine.client.versions import changes_between, compare_with_now, read_version_file, version_files
from engine.protocol import PinJob, RerunMode, RerunPreview, RerunRun, RestoreRun
from store.changes import VersionChanges
from store.models import Run
from store.reads import StoreReader
from store.status import ModelStatus, RunStatus
from tests.integration.dbt.projects import ENDLESS, write_project
from tests.support.live_workspace import LiveWorkspace
from tests.support.repositories import commit, make_repository

pytestmark = [pytest.mark.real_tool, pytest.mark.timeout(300)]

LARGE = "models/large.sql"
MODELS = {
    "models/orders.sql": "select 1 as id, 5 as amount",
    LARGE: "select * from {{ ref('orders') }} where amount > 1",
    "models/total.sql": "select sum(amount) as total from {{ ref('large') }}",
    ".gitignore": "target/\nlogs/\n.user.yml\n*.duckdb\n.runroom/\n",
}


def write(live: LiveWorkspace, file: str, text: str) -> None:
    (Path(live.folder) / file).write_text(text, encoding="utf-8")


async def changes(live: LiveWorkspace, run: Run) -> dict[str, str]:
    """By the model's name, as the run told them while it went on."""
    async with StoreReader.open(live.paths.database) as reader:
        return {each.model.rpartition(".")[2]: each.change for each in await reader.changes(run.id)}


async def previous(live: LiveWorkspace, run: Run) -> VersionChanges:
    async with StoreReader.open(live.paths.database) as reader:
        found = (await reader.change_details(run.id)).previous
    assert found is not None
    return found


async def executed(live: LiveWorkspace, run: Run) -> dict[str, ModelStatus]:
    async with StoreReader.open(live.paths.database) as reader:
        return {model.name: model.status for model in await reader.models(run.id)}


async def preview(live: LiveWorkspace, run: Run, mode: RerunMode) -> RerunPreview:
    async with await ensure_engine(live.folder) as client:
        return await client.preview_rerun(run.id, RerunRun(mode=mode))


async def again(live: LiveWorkspace, run: Run, mode: RerunMode) -> Run:
    async with await ensure_engine(live.folder) as client:
        started = await client.rerun(run.id, RerunRun(mode=mode))
    return await live.ended(started.id)


async def restore(live: LiveWorkspace, run: Run) -> list[tuple[str, str]]:
    async with await ensure_engine(live.folder) as client:
        foreseen = await client.preview_restore(run.id, RestoreRun())
        await client.restore(run.id, RestoreRun(present=foreseen.present))
    return [(each.path, each.change) for each in foreseen.changes]


async def test_a_change_is_seen_and_taken_back(live: LiveWorkspace) -> None:
    write_project(live.folder, MODELS)
    before = make_repository(live.folder, {})
    first = await live.run_to_end()
    assert first.status is RunStatus.COMPLETED

    after = commit(live.folder, {LARGE: MODELS[LARGE].replace("> 1", "> 2")}, "Count only more than two")
    second = await live.run_to_end()
    assert await changes(live, second) == {"large": "directly_modified", "total": "indirectly_modified"}
    since = await previous(live, second)
    assert (since.run, [(each.author, each.subject) for each in since.commits]) == (
        first.id,
        [("Anna", "Count only more than two")],
    )
    assert (first.commit, second.commit) == (before, after)

    write(live, "models/orders.sql", "SELECT 1 AS id, -- one\n  5 AS amount")
    third = await live.run_to_end()
    assert await changes(live, third) == {"orders": "formatting"}
    full = await changes_between(live.paths, first, third)
    assert {each.model.rpartition(".")[2]: each.change for each in full.models} == {
        "orders": "formatting", "large": "directly_modified", "total": "indirectly_modified",
    }  # fmt: skip
    commit(live.folder, {}, "Reformat")

    assert (await compare_with_now(live.paths, third)).is_same
    assert await restore(live, first) == [(LARGE, "modified"), ("models/orders.sql", "modified")]
    assert (live.folder / LARGE).read_text() == MODELS[LARGE]
    assert (await compare_with_now(live.paths, first)).is_same
    (file,) = (each for each in await version_files(live.paths, third) if each.path == LARGE)
    assert (await read_version_file(live.paths, file)).decode().endswith("> 2")


async def test_a_run_is_done_again_in_three_ways(live: LiveWorkspace) -> None:
    write_project(live.folder, MODELS)
    good = await live.run_to_end()
    write(live, LARGE, "select nope from {{ ref('orders') }}")
    failed = await live.run_to_end()
    assert failed.status is RunStatus.FAILED

    foreseen = await preview(live, failed, "failed")
    assert foreseen.models == ("large", "total")
    assert [(each.name, each.certain, each.skips) for each in foreseen.foreseen] == [("large", True, 1)]
    assert foreseen.foreseen[0].why == f"same files as #{failed.id}"
    assert foreseen.commands == ("dbt build --select large total --target dev",)
    write(live, LARGE, MODELS[LARGE])
    assert (await preview(live, failed, "failed")).foreseen == ()
    assert (await preview(live, failed, "same")).foreseen != ()

    mended = await again(live, failed, "failed")
    assert await executed(live, mended) == {"large": ModelStatus.SUCCEEDED, "total": ModelStatus.SUCCEEDED}
    assert (await live.run(failed.id)).superseded_by == mended.id

    same = await again(live, good, "same")
    assert (same.status, same.version, same.rerun_of) == (RunStatus.COMPLETED, good.version, good.id)
    same_failed = await again(live, failed, "same")
    assert (same_failed.status, same_failed.version) == (RunStatus.FAILED, failed.version)
    assert (live.folder / LARGE).read_text() == MODELS[LARGE]

    async with await ensure_engine(live.folder) as client:
        pinned = await client.pin_job(failed.id, PinJob(name="as-it-failed"))
        assert (await client.preview_restore(failed.id, RestoreRun())).changes
    assert pinned.version == failed.version
    as_it_failed = await live.run_to_end("as-it-failed")
    assert as_it_failed.status is RunStatus.FAILED
    seen = f"as #{as_it_failed.id} saw them (version {pinned.version[:10]})"
    assert (await preview(live, as_it_failed, "latest")).source == f"the files to which the job is pinned, {seen}"
    assert (await preview(live, as_it_failed, "same")).source == f"files {seen}"


async def test_what_a_cancelled_run_did_not_reach_is_run_again(live: LiveWorkspace) -> None:
    write_project(live.folder, {**MODELS, LARGE: f"{{{{ config(materialized='table') }}}} -- {{{{ ref('orders') }}}}\n"
                                                f"select 1 as amount from ({ENDLESS})"})  # fmt: skip
    run = await live.start()
    await live.when(run.id, lambda run: run.counts.models_running == 1 and run.counts.models_succeeded == 1, "is in it")
    await live.cancel(run.id)
    cancelled = await live.ended(run.id)
    assert cancelled.status is RunStatus.CANCELLED

    assert (await preview(live, cancelled, "failed")).models == ("large", "total")
    write(live, LARGE, MODELS[LARGE])
    mended = await again(live, cancelled, "failed")

    assert await executed(live, mended) == {"large": ModelStatus.SUCCEEDED, "total": ModelStatus.SUCCEEDED}
    assert (await live.run(cancelled.id)).superseded_by == mended.id
