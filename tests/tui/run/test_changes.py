"""The tab with what changed, and what is done from it."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from engine.errors import UsageError
from store.changes import CommitRecord, FileChange, SettingChange, VersionChanges
from store.events import ModelChange
from tests.tui.conftest import WorldMaker
from tests.tui.run.records import START
from tests.tui.staging import staged_app, text_of, until, until_shown
from tests.version_worlds import BROKEN, FILES, change_files, give_versions, stage_answers
from tests.worlds import World
from tui.run_view.changes import rows_of

FILE = "models/intermediate/int_delays.sql"


def test_rows_begin_with_what_matters_most() -> None:
    changes = VersionChanges(
        run=7,
        models=(
            ModelChange(model="m.a", change="formatting"),
            ModelChange(model="m.b", change="indirectly_modified"),
            ModelChange(model="m.c", change="directly_modified"),
        ),
        causes={"m.b": ("m.c",)},
        commits=(CommitRecord(sha="9f2c1ab0", author="anna", at=START, subject="Count"),),
        undone=(CommitRecord(sha="51d07ee0", author="ben", at=START, subject="Guess"),),
        files=(FileChange(path="models/c.sql", change="modified"), FileChange(path="macros/m.sql", change="added")),
        settings=(SettingChange(name="threads", before=None, after="8"),),
    )

    rows = rows_of(changes, lambda model: model.removeprefix("m."))

    assert [(row.kind.plain, row.what, row.note.plain) for row in rows] == [
        ("~ modified", "c", ""),
        ("· indirect", "b", "← c"),
        ("· formatting", "a", ""),
        ("· 9f2c1ab", "Count", "anna"),
        ("· 51d07ee", "Guess", "no longer there"),
        ("~ setting", "threads", "none → 8"),
        ("+ added", "macros/m.sql", "file"),
    ]


@pytest.fixture
def world(make_world: WorldMaker) -> World:
    """A world whose last two runs have versions."""
    made = make_world("failed")
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(give_versions(made))).result()
    stage_answers(made)
    return made


async def test_restoring_is_done_as_it_was_shown_and_the_files_are_looked_at_again(world: World) -> None:
    async with staged_app(world, world.runs["completed"]).run_test(size=(100, 30), notifications=True) as pilot:
        await until_shown(pilot, "1 file differs from now")
        await pilot.press("7", "B")
        await until_shown(pilot, "14 files change")
        change_files(world, FILES)
        await pilot.press("y")
        await until_shown(pilot, "same version as now")
        assert world.actions.restoration is not None
        present = world.actions.restoration.present
        assert world.actions.calls[-1] == ("restore", world.runs["completed"], present, False)


async def test_a_job_is_created_under_the_name_that_is_typed(world: World) -> None:
    async with staged_app(world, world.runs["completed"]).run_test(size=(100, 30), notifications=True) as pilot:
        await until_shown(pilot, "Changes")
        await pilot.press("7", "J")
        await until_shown(pilot, "Create a job from")
        await pilot.press("ctrl+u", *"again", "enter")
        await until(pilot, lambda: ("pin", world.runs["completed"], "again") in world.actions.calls, "the job")


async def test_why_no_job_can_be_created_is_said_in_the_dialog(world: World) -> None:
    world.actions.problem = UsageError("flights has a job [b]x already.")
    async with staged_app(world, world.runs["completed"]).run_test(size=(100, 30)) as pilot:
        await until_shown(pilot, "Changes")
        await pilot.press("7", "J")
        await until_shown(pilot, "Create a job from")
        await pilot.press("enter")
        await until_shown(pilot, "flights has a job [b]x already.")


async def test_the_files_as_they_were_are_read_whatever_they_are_now(world: World) -> None:
    change_files(world, {FILE: "select 'something else'"})
    async with staged_app(world, world.runs["failed"]).run_test(size=(100, 40)) as pilot:
        await until_shown(pilot, "1 file differs from now")
        await pilot.press("7", "i")
        await until_shown(pilot, "dbt_project.yml")
        await pilot.press("j")
        await until_shown(pilot, BROKEN.splitlines()[1].strip())


@pytest.mark.parametrize("key", ["B", "J"])
async def test_read_only_changes_nothing(key: str, world: World) -> None:
    onlooker = replace(world, services=replace(world.services, readonly=True))
    async with staged_app(onlooker, world.runs["completed"]).run_test(size=(100, 30), notifications=True) as pilot:
        await until_shown(pilot, "Changes")
        await pilot.press("7", key)
        await until_shown(pilot, "--readonly")
        assert world.actions.calls == []


async def test_a_run_without_a_version_has_no_such_tab(make_world: WorldMaker) -> None:
    plain = make_world("failed")
    async with staged_app(plain, plain.runs["failed"]).run_test(size=(100, 30)) as pilot:
        await until_shown(pilot, "Artifacts")
        assert "Changes" not in text_of(pilot)
