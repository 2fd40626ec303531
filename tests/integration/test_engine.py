"""A run's whole road, from a client through engine, worker and dbt into the store, and what can be done with it."""

import asyncio
import shutil
from collections.abc import Iterator

import pytest

from engine.client.launch import ensure_engine
from engine.errors import UsageError
from engine.protocol import Change, RerunRun, StartRun
from store.errors import RunNotFound
from store.models import Run
from store.reads import StoreReader
from store.status import AuditStatus, ModelStatus, RunStatus, StepStatus
from tests.integration.dbt.projects import write_shop
from tests.support.against_dbt import compare
from tests.support.live_workspace import LiveWorkspace

pytestmark = [pytest.mark.real_tool, pytest.mark.timeout(180)]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LiveWorkspace, Run]]:
    """A workspace with one of everything, built once: its first run has failed and skipped nodes."""
    workspace = LiveWorkspace(write_shop(tmp_path_factory.mktemp("built") / "shop"))
    try:
        yield workspace, asyncio.run(workspace.run_to_end())
    finally:
        workspace.end()


def seeding() -> StartRun:
    """The shortest of all runs."""
    return StartRun(environment="dev", steps=("seed",))


async def test_the_record_is_that_of_dbt_node_by_node(shop: tuple[LiveWorkspace, Run]) -> None:
    live, run = shop
    async with StoreReader.open(live.paths.database) as reader:
        comparison = compare(live.files(run.id), await reader.models(run.id), await reader.audits(run.id))

    assert comparison.differences == []
    assert {"model error", "model skipped", "test fail", "test warn"} <= set(comparison.counts)
    assert run.status is RunStatus.FAILED
    assert run.status_reason is not None
    assert run.status_reason.startswith("1 model failed: broken; 2 blocking audits failed: ")


async def test_counts_steps_and_artifacts_agree_with_the_rows_and_files(shop: tuple[LiveWorkspace, Run]) -> None:
    live, run = shop
    async with StoreReader.open(live.paths.database) as reader:
        models, audits = await reader.models(run.id), await reader.audits(run.id)
        steps, artifacts = await reader.steps(run.id), await reader.artifacts(run.id)

    by_status = [model.status for model in models]
    assert run.counts.models_total == run.counts.models_done == len(models)
    assert run.counts.models_failed == by_status.count(ModelStatus.FAILED)
    assert run.counts.models_skipped == by_status.count(ModelStatus.SKIPPED)
    assert run.counts.audits_total == run.counts.audits_done == len(audits)
    assert run.counts.audits_warned == [audit.status for audit in audits].count(AuditStatus.WARNED)
    assert [(step.name, step.status, step.exit_code) for step in steps] == [
        ("profile", StepStatus.SUCCEEDED, None),
        ("build", StepStatus.FAILED, 1),
    ]
    assert all(step.log and (live.files(run.id).folder / step.log).read_text() for step in steps)
    assert {artifact.kind for artifact in artifacts} >= {"manifest", "run_results", "compiled"}
    for artifact in artifacts:
        assert (live.files(run.id).folder / artifact.path).stat().st_size == artifact.size


async def test_what_failed_can_be_run_again_alone(shop: tuple[LiveWorkspace, Run]) -> None:
    live, run = shop
    async with await ensure_engine(live.folder) as client:
        again = await client.rerun(run.id, RerunRun(author="ann", mode="failed"))
    again = await live.ended(again.id)
    async with StoreReader.open(live.paths.database) as reader:
        models = {model.name: model.status for model in await reader.models(again.id)}
        comparison = compare(live.files(again.id), await reader.models(again.id), await reader.audits(again.id))

    assert (again.rerun_of, again.trigger, again.author, again.job) == (run.id, "rerun", "ann", "build")
    # The gate is open now: the test that closed it was selected without what it checks.
    assert models.keys() == {"broken", "child", "grandchild", "behind_the_gate"}
    assert models["broken"] is ModelStatus.FAILED
    assert comparison.differences == []


async def test_all_of_it_can_be_run_again_with_what_was_mended(shop: tuple[LiveWorkspace, Run]) -> None:
    live, run = shop
    shutil.copytree(live.folder / "models", live.folder.parent / "before")
    try:
        (live.folder / "models/broken.sql").write_text("select id from {{ ref('stg_orders') }}")
        (live.folder / "models/totals.sql").write_text("select 41 as total from {{ ref('only_inside') }} limit 1")
        async with await ensure_engine(live.folder) as client:
            again = await client.rerun(run.id, RerunRun())
        again = await live.ended(again.id)
    finally:
        shutil.copytree(live.folder.parent / "before", live.folder / "models", dirs_exist_ok=True)

    assert again.counts.models_total == run.counts.models_total
    assert again.counts.models_failed == 0
    assert again.status_reason == "1 blocking audit failed: orders_are_few"


async def test_a_run_in_which_nothing_failed_has_nothing_to_run_again(live: LiveWorkspace) -> None:
    write_shop(live.folder)
    run = await live.run_to_end(job=None, environment="dev", steps=["seed"])
    assert run.status is RunStatus.COMPLETED
    async with await ensure_engine(live.folder) as client:
        with pytest.raises(UsageError, match="there is nothing to run again"):
            await client.rerun(run.id, RerunRun(mode="failed"))

        renamed = await client.rename(run.id, "the first seed")
        assert renamed.name == (await live.run(run.id)).name == "the first seed"

        await client.delete(run.id)
        with pytest.raises(RunNotFound):
            await live.run(run.id)
        assert not live.files(run.id).folder.exists()
        with pytest.raises(UsageError, match="no run #1"):
            await client.delete(run.id)
        # The number of a deleted run is not given again.
        assert (await client.start_run(seeding())).id == run.id + 1


async def test_the_stream_tells_what_was_missed_and_then_what_happens(live: LiveWorkspace) -> None:
    write_shop(live.folder)
    async with await ensure_engine(live.folder) as client:
        first = await client.start_run(seeding())
        heard: list[Change] = []
        async for change in client.changes(0):
            heard.append(change)
            if not (await live.run(first.id)).is_active:
                break
        missed = heard[-1].change
        await client.rename(first.id, "seen by nobody")
        await client.rename(first.id, "nor this")
        caught_up = await anext(client.changes(missed))
        nothing_new = await anext(client.changes(caught_up.change))

    numbers = [change.change for change in heard]
    assert heard[0].runs == (first.id,)
    assert len(heard) >= 3
    assert numbers == sorted(set(numbers))
    # Each name is two changes: the name itself, and that somebody gave it.
    assert (caught_up.runs, caught_up.change >= missed + 4) == ((first.id,), True)
    assert (nothing_new.runs, nothing_new.workspace) == ((), False)
