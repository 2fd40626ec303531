"""A run records what it sees before its tool touches anything, and tells what changed since earlier runs."""

from pathlib import Path

import pytest

from engine.adapters.base import StepContext, StepOutcome
from engine.versions.repository import VersionRepository
from engine.worker.stop import StopWish
from store.changes import ChangeDetails, FileChange
from store.events import AnyEvent, Changes, Graph, GraphNode, Notice, VersionRecorded
from store.models import EarlierRun
from store.status import RunStatus
from tests.engine.worker.executing import SUCCEEDED, MadeUpAdapter, Stage, StepBody, succeed
from tests.support.repositories import commit, make_repository

MODEL = GraphNode(model="model.p.a", name="a", kind="model", file="a.sql", materialized="table")


class Workshop:
    """A project whose runs keep their versions in the same place."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.versions = VersionRepository(folder / "versions.git")
        self.project = folder / "project"
        self.project.mkdir()

    def edit(self, **files: str) -> None:
        for name, content in files.items():
            (self.project / f"{name}.sql").write_text(content, encoding="utf-8")

    async def run(self, number: int, *bodies: StepBody, **changes: object) -> Stage:
        stage = Stage(self.folder, number=number, versions=self.versions)
        await stage.execute(MadeUpAdapter(bodies or (showing(MODEL),)), **changes)
        return stage


def showing(*nodes: GraphNode) -> StepBody:
    """A step that reads the project."""

    async def run(context: StepContext) -> StepOutcome:
        context.emit(Graph(ts=context.clock(), nodes=nodes))
        return SUCCEEDED

    return run


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path)


def version_in(stage: Stage) -> str:
    return next(event.version for event in stage.events if isinstance(event, VersionRecorded))


def earlier(number: int, stage: Stage, **known: str) -> dict[str, object]:
    return EarlierRun(id=number, version=version_in(stage), **known).model_dump()


def changes_in(events: list[AnyEvent]) -> Changes:
    return next(event for event in events if isinstance(event, Changes))


async def test_the_version_is_recorded_before_the_first_step(workshop: Workshop) -> None:
    workshop.edit(a="select 1")

    async def edit(_: StepContext) -> StepOutcome:
        workshop.edit(a="select 2")
        return SUCCEEDED

    stage = await workshop.run(1, edit)

    assert stage.types[:3] == ["run.started", "version", "step.started"]
    files = await workshop.versions.files(version_in(stage))
    assert list((await workshop.versions.contents(file.blob for file in files)).values()) == [b"select 1"]


async def test_what_changed_is_told_once_the_graph_is_known(workshop: Workshop) -> None:
    workshop.edit(a="select 1")
    first = await workshop.run(1)
    workshop.edit(a="select 2")

    second = await workshop.run(2, previous=earlier(1, first), good=earlier(1, first))

    told = changes_in(second.events)
    assert [(change.model, change.change) for change in told.changes] == [("model.p.a", "directly_modified")]
    details = ChangeDetails.model_validate(told.details)
    assert details.good is None
    assert details.previous is not None
    assert details.previous.run == 1
    assert details.previous.files == (FileChange(path="a.sql", change="modified"),)


async def test_a_run_that_comes_to_no_graph_is_compared_all_the_same(workshop: Workshop) -> None:
    workshop.edit(a="select 1")
    first = await workshop.run(1)
    workshop.edit(a="select 1 --")

    second = await workshop.run(2, succeed, previous=earlier(1, first))

    assert [change.change for change in changes_in(second.events).changes] == ["formatting"]


async def test_the_last_good_run_is_compared_too(workshop: Workshop) -> None:
    workshop.edit(a="select 1")
    good = await workshop.run(1)
    workshop.edit(a="select 2")
    bad = await workshop.run(2)

    third = await workshop.run(3, previous=earlier(2, bad), good=earlier(1, good))

    told = changes_in(third.events)
    details = ChangeDetails.model_validate(told.details)
    assert told.changes == ()
    assert details.good is not None
    assert [change.change for change in details.good.models] == ["directly_modified"]


async def test_who_committed_what_in_between(workshop: Workshop) -> None:
    before = make_repository(workshop.project, {"a.sql": "select 1"})
    first = await workshop.run(1)
    commit(workshop.project, {"a.sql": "select 2"}, "Count twice")

    second = await workshop.run(2, previous=earlier(1, first, commit=before))

    details = ChangeDetails.model_validate(changes_in(second.events).details)
    assert details.previous is not None
    assert [(each.author, each.subject) for each in details.previous.commits] == [("Anna", "Count twice")]


async def test_a_recorded_version_is_run_from_files_of_its_own(workshop: Workshop) -> None:
    workshop.edit(a="select 1")
    first = await workshop.run(1)
    workshop.edit(a="select 2")
    seen: list[str] = []

    async def look(context: StepContext) -> StepOutcome:
        seen.append((context.project_folder / "a.sql").read_text("utf-8"))
        return SUCCEEDED

    again = await workshop.run(2, look, version=version_in(first), branch="main")

    assert seen == ["select 1"]
    assert version_in(again) == version_in(first)
    assert not again.paths.checkout.exists()
    assert (workshop.project / "a.sql").read_text("utf-8") == "select 2"


async def test_a_version_that_is_not_there_fails_the_run_with_a_sentence(workshop: Workshop) -> None:
    workshop.edit(a="select 1")
    await workshop.run(1)

    stage = await workshop.run(2, version="d9c86a9283d06bd63357c3257220ee021548a2f1")

    ended = stage.events[-1]
    assert ended.type == "run.finished"
    assert ended.status is RunStatus.FAILED
    assert "The files of version d9c86a9283 are not there" in (ended.reason or "")


async def test_without_git_the_run_goes_on_without_a_version(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")

    stage = await workshop.run(1)

    assert [event.text for event in stage.events if isinstance(event, Notice)] == [
        "git is not installed here, so the project's files are not recorded with this run."
    ]
    assert stage.types[-1] == "run.finished"


async def test_a_run_that_is_stopped_still_tells_what_changed(workshop: Workshop) -> None:
    workshop.edit(a="select 1")
    first = await workshop.run(1)
    workshop.edit(a="select 2")

    async def stop(_: StepContext) -> StepOutcome:
        stage.stop.ask(StopWish("cancel", "stopped by ann"))
        return SUCCEEDED

    stage = Stage(workshop.folder, number=2, versions=workshop.versions)
    await stage.execute(MadeUpAdapter([stop, succeed]), previous=earlier(1, first))

    assert [change.change for change in changes_in(stage.events).changes] == ["directly_modified"]
