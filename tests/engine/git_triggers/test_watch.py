"""Remotes are looked at: the first look only remembers, later ones start what was pushed."""

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine import supervisor as module
from engine.configuration.workspace import Workspace
from engine.git_triggers.desk import GitDesk
from engine.git_triggers.watch import RemoteWatch
from store.filters import RunFilter
from store.models import Project
from store.reads import StoreReader
from tests.engine.played_engine import PlayedEngine, job
from tests.engine.played_worker import PlayedWorkers
from tests.engine.test_schedule import Clock
from tests.support.remotes import Remote
from tests.support.repositories import git

POLL_S = 60.0


@dataclass
class Configured:
    """The configuration, as the test has it."""

    workspace: Workspace
    reloads: int = 0

    async def reload(self) -> None:
        """Counts how often."""
        self.reloads += 1


@dataclass
class World:
    """A remote, an engine whose project is a clone of it, and the watch."""

    engine: PlayedEngine
    remote: Remote
    configured: Configured
    watch: RemoteWatch
    clock: Clock
    minutes: float = 0

    async def look(self) -> list[str]:
        """Looks when the next look is due; what was started up to now, oldest first."""
        self.minutes += POLL_S / 60
        self.clock.at(self.minutes)
        await self.watch.look()
        return await started(self.engine.reader)


async def started(reader: StoreReader) -> list[str]:
    runs = await reader.runs(RunFilter(order="oldest"), limit=10)
    return [f"{run.job}: {run.trigger_note}" for run in runs]


def world_of(engine: PlayedEngine, remote: Remote, project: Project) -> World:
    workspace = Workspace(paths=engine.paths, name="analytics", projects=(project,))
    clock, configured = Clock(), Configured(workspace)
    desk = GitDesk(engine.supervisor, engine.writer, engine.reader)
    watch = RemoteWatch(configured, desk, engine.writer, engine.reader, clock)
    return World(engine, remote, configured, watch, clock)


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """The project is somebody's clone."""
    remote = Remote(tmp_path)
    remote.make({"model.sql": "select 1"})
    git(tmp_path, "clone", "--quiet", str(remote.path), "workspace")
    workers = PlayedWorkers()
    monkeypatch.setattr(module, "start_worker", workers)
    jobs = (job("deliver", type="merge"), job("check", "dev", type="ci"))
    engine = PlayedEngine(tmp_path / "workspace", workers, jobs=jobs, branch="main")
    await engine.start()
    yield world_of(engine, remote, Project(name="flights", tool="dbt", path=".", poll_s=POLL_S))
    await engine.stop()
    workers.end()


async def test_what_is_there_at_the_first_look_starts_nothing(world: World) -> None:
    world.remote.push({"model.sql": "select 2"}, "Try", "refs/pull/7/head")
    assert await world.look() == []
    assert await world.look() == []


async def test_what_is_pushed_later_starts_its_jobs(world: World) -> None:
    await world.look()
    proposed = world.remote.push({"model.sql": "select 2"}, "Try", "refs/pull/7/head")
    begun = await world.look()
    merged = world.remote.push({"model.sql": "select 3"}, "Merge")

    assert begun == [f"check: pull/7 at {proposed[:10]}"]
    assert await world.look() == [*begun, f"deliver: main at {merged[:10]}"]
    assert await world.look() == [*begun, f"deliver: main at {merged[:10]}"]


async def test_what_was_pushed_while_no_engine_was_there_is_answered(world: World) -> None:
    await world.look()
    sha = world.remote.push({"model.sql": "select 2"}, "Merge")
    later = world_of(world.engine, world.remote, world.configured.workspace.projects[0])

    assert await later.look() == [f"deliver: main at {sha[:10]}"]


async def test_no_look_before_its_time(world: World) -> None:
    await world.look()
    world.remote.push({"model.sql": "select 2"}, "Merge")

    world.clock.at(world.minutes + 0.5)

    assert await world.watch.look() == pytest.approx(20.0)
    assert await started(world.engine.reader) == []


async def test_another_remote_begins_anew(tmp_path: Path, world: World) -> None:
    await world.look()
    git(tmp_path, "clone", "--quiet", "--mirror", str(world.remote.path), "moved.git")
    git(world.engine.paths.folder, "remote", "set-url", "origin", str(tmp_path / "moved.git"))
    git(tmp_path / "anna", "push", "--quiet", str(tmp_path / "moved.git"), "main:refs/heads/other")
    world.remote.push({"model.sql": "select 2"}, "Merge")
    git(tmp_path / "anna", "push", "--quiet", str(tmp_path / "moved.git"), "main")

    assert await world.look() == []


async def test_a_remote_that_fails_is_told_once_and_looked_at_again(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    await world.look()
    hidden = world.remote.path.rename(world.remote.path.with_name("hidden.git"))
    with caplog.at_level(logging.WARNING):
        await world.look()
        await world.look()
    told = [record.message for record in caplog.records if "remote" in record.message]
    assert len(told) == 1
    assert told[0].startswith("the remote of flights cannot be used: ")
    (look,) = await world.engine.reader.git.looks()
    assert look.problem is not None
    assert told[0].endswith(look.problem)
    assert (look.remote, look.looked_at) == (str(world.remote.path), world.clock())
    assert look.answered_at is not None
    assert look.answered_at < world.clock()

    hidden.rename(world.remote.path)
    sha = world.remote.push({"model.sql": "select 2"}, "Merge")

    assert await world.look() == [f"deliver: main at {sha[:10]}"]
    (look,) = await world.engine.reader.git.looks()
    assert (look.looked_at, look.answered_at, look.problem) == (world.clock(), world.clock(), None)


async def test_a_secret_does_not_come_into_the_record_of_a_problem(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("DEPLOY_TOKEN", "correct-horse")
    git(world.engine.paths.folder, "remote", "set-url", "origin", str(world.remote.folder / "correct-horse.git"))
    with caplog.at_level(logging.WARNING):
        await world.look()
    (look,) = await world.engine.reader.git.looks()
    assert look.problem is not None
    assert "•••" in look.problem
    assert "correct-horse" not in look.problem + caplog.text


async def test_a_remote_that_cannot_be_cloned_says_so_until_it_can(world: World) -> None:
    hidden = world.remote.path.rename(world.remote.path.with_name("hidden.git"))
    project = Project(name="flights", tool="dbt", path=".runroom/projects/flights", git=str(world.remote.path))
    cloning = world_of(world.engine, world.remote, project)
    await cloning.look()
    assert [bool(look.problem) for look in await world.engine.reader.git.looks()] == [True]

    hidden.rename(world.remote.path)
    await cloning.look()

    assert [look.problem for look in await world.engine.reader.git.looks()] == [None]


async def test_a_git_project_is_cloned_and_then_read_again(world: World) -> None:
    project = Project(name="flights", tool="dbt", path=".runroom/projects/flights", git=str(world.remote.path))
    cloning = world_of(world.engine, world.remote, project)

    await cloning.look()
    await cloning.look()

    assert (cloning.engine.paths.default_checkout("flights") / "model.sql").is_file()
    assert cloning.configured.reloads == 1
    assert not cloning.watch.wanted
