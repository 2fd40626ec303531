"""Restoring puts a version's files back, says before what it will do, and loses nothing."""

import os
import shutil
from pathlib import Path

import pytest

from engine.errors import RunroomError, UsageError
from engine.git import GitNotInstalled
from engine.versions.recording import record_run
from engine.versions.repository import UnknownVersion, VersionRepository
from engine.versions.restoring import foresee, kept_version, restore
from store.changes import FileChange
from tests.support.repositories import commit, git, make_repository


class Project:
    """A project with two versions recorded: `first`, and what was edited since."""

    def __init__(self, folder: Path) -> None:
        self.repository = VersionRepository(folder / "versions.git")
        self.folder = folder / "flights"

    def write(self, files: dict[str, str]) -> None:
        for name, content in files.items():
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_text(content)

    async def record(self) -> str:
        return (await record_run(self.repository, self.folder, 1)).version

    async def restore(self, version: str, stash: bool = False) -> str | None:
        foreseen = await foresee(self.repository, "flights", self.folder, version)
        done = await restore(self.repository, "flights", self.folder, version, foreseen.present, stash)
        return done.stash

    @property
    def files(self) -> dict[str, str]:
        found = (path for path in self.folder.rglob("*") if path.is_file() and ".git" not in path.parts)
        return {str(path.relative_to(self.folder)): path.read_text() for path in found}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


FIRST = {"models/a.sql": "select 1\n", "models/gone.sql": "select 2\n", "c/d.sql": "select 3\n"}
SECOND = {"models/a.sql": "select 10\n", "models/new/b.sql": "select 4\n", "c": "now a file"}


async def edited(project: Project) -> str:
    """The first version; the files are those of the second."""
    project.write(FIRST)
    version = await project.record()
    for name in ("models/gone.sql", "c/d.sql"):
        (project.folder / name).unlink()
    (project.folder / "c").rmdir()
    project.write(SECOND)
    return version


async def test_what_will_change_is_said_and_nothing_is_changed(project: Project) -> None:
    version = await edited(project)

    foreseen = await foresee(project.repository, "flights", project.folder, version)

    assert foreseen.changes == (
        FileChange(path="c", change="deleted"),
        FileChange(path="c/d.sql", change="added"),
        FileChange(path="models/a.sql", change="modified"),
        FileChange(path="models/gone.sql", change="added"),
        FileChange(path="models/new/b.sql", change="deleted"),
    )
    assert foreseen.uncommitted == ()
    assert foreseen.difference.count("diff --git ") == len(foreseen.changes)
    assert "+++ b/models/gone.sql" in foreseen.difference
    assert project.files == SECOND


async def test_the_files_are_as_they_were_and_what_is_ignored_stays(project: Project) -> None:
    version = await edited(project)
    project.write({"target/manifest.json": "{}", "profiles.yml": "p: 1"})

    await project.restore(version)

    assert project.files == FIRST | {"target/manifest.json": "{}", "profiles.yml": "p: 1"}
    assert not (project.folder / "models" / "new").exists()
    assert await project.record() == version


async def test_what_was_replaced_can_be_taken_back(project: Project) -> None:
    version = await edited(project)
    with pytest.raises(UnknownVersion, match="Nothing was restored in flights yet"):
        await kept_version(project.repository, "flights")

    await project.restore(version)
    git(project.repository.folder, "gc", "--quiet", "--prune=now")
    await project.restore(await kept_version(project.repository, "flights"))

    assert project.files == SECOND


async def test_files_that_changed_since_they_were_shown_are_left_alone(project: Project) -> None:
    version = await edited(project)
    foreseen = await foresee(project.repository, "flights", project.folder, version)
    project.write({"models/a.sql": "select 11\n"})

    with pytest.raises(UsageError, match="have changed since they were looked at"):
        await restore(project.repository, "flights", project.folder, version, foreseen.present)

    assert project.files == SECOND | {"models/a.sql": "select 11\n"}


async def test_uncommitted_edits_are_not_replaced(project: Project) -> None:
    make_repository(project.folder, FIRST)
    version = await project.record()
    commit(project.folder, {"models/a.sql": "select 5\n"}, "Count on")
    project.write({"models/a.sql": "select 6\n", "models/new.sql": "select 7\n"})

    foreseen = await foresee(project.repository, "flights", project.folder, version)
    assert foreseen.uncommitted == ("models/a.sql", "models/new.sql")
    with pytest.raises(UsageError, match=r"would be replaced: models/a\.sql, models/new\.sql\. Commit them"):
        await project.restore(version)

    assert project.files == FIRST | {"models/a.sql": "select 6\n", "models/new.sql": "select 7\n"}


async def test_uncommitted_edits_are_stashed_where_that_is_wanted(project: Project) -> None:
    make_repository(project.folder, FIRST)
    version = await project.record()
    commit(project.folder, {"models/a.sql": "select 5\n"}, "Count on")
    project.write({"models/a.sql": "select 6\n", "models/new.sql": "select 7\n"})

    stash = await project.restore(version, stash=True)

    assert project.files == FIRST
    assert stash is not None
    assert stash in git(project.folder, "stash", "list")
    git(project.folder, "checkout", "--quiet", "--", ".")
    git(project.folder, "stash", "pop", "--quiet")
    assert project.files == FIRST | {"models/a.sql": "select 6\n", "models/new.sql": "select 7\n"}


async def test_what_a_restore_brought_is_no_edit(project: Project) -> None:
    make_repository(project.folder, FIRST)
    version = await project.record()
    commit(project.folder, {"models/a.sql": "select 5\n"}, "Count on")
    later = await project.record()
    await project.restore(version)

    await project.restore(later)

    assert project.files == FIRST | {"models/a.sql": "select 5\n"}


async def test_uncommitted_edits_elsewhere_are_in_nobody_s_way(project: Project) -> None:
    make_repository(project.folder, FIRST)
    project.write({"models/new.sql": "select 7\n"})
    version = await project.record()
    commit(project.folder, {"models/a.sql": "select 5\n"}, "Count on")

    await project.restore(version)

    assert project.files == FIRST | {"models/new.sql": "select 7\n"}


async def test_what_a_version_left_out_for_its_size_stays(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.versions.listing.FILE_LIMIT", 20)
    project.write({"a.sql": "select 1\n", "seed.csv": "x" * 21})
    version = await project.record()
    project.write({"a.sql": "select 2\n", "seed.csv": "small"})

    await project.restore(version)

    assert project.files == {"a.sql": "select 1\n", "seed.csv": "small"}


async def test_a_link_that_took_a_folder_s_place_is_not_written_through(project: Project, tmp_path: Path) -> None:
    project.write(FIRST)
    version = await project.record()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (project.folder / "c" / "d.sql").unlink()
    (project.folder / "c").rmdir()
    (project.folder / "c").symlink_to(elsewhere)

    await project.restore(version)

    assert project.files == FIRST
    assert list(elsewhere.iterdir()) == []


async def test_an_unknown_version(project: Project) -> None:
    project.write(FIRST)
    await project.record()

    with pytest.raises(UnknownVersion):
        await foresee(project.repository, "flights", project.folder, "d9c86a9283d06bd63357c3257220ee021548a2f1")


@pytest.fixture
def git_that_fails_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The real git, except that it breaks off once when it is to write files: then nothing of them is there."""
    real = shutil.which("git")
    folder, once = tmp_path / "bin", tmp_path / "broke-off"
    folder.mkdir()
    script = folder / "git"
    script.write_text(
        f'#!/bin/sh\ncase "$*" in *checkout-index*) [ -e {once} ] || {{ touch {once}; '
        f'echo "fatal: unable to write file: No space left on device" >&2; exit 128; }};; esac\nexec {real} "$@"\n'
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return once


async def test_what_breaks_off_in_the_middle_is_taken_back(project: Project, git_that_fails_once: Path) -> None:
    version = await edited(project)
    before = project.files
    with pytest.raises(RunroomError, match=r"^Nothing was restored, the files are as they were: .*No space left"):
        await project.restore(version)
    assert git_that_fails_once.exists()
    assert project.files == before
    await project.restore(version)
    assert project.files == FIRST


async def test_stashed_edits_are_back_when_it_breaks_off(project: Project, git_that_fails_once: Path) -> None:
    make_repository(project.folder, FIRST)
    version = await project.record()
    commit(project.folder, {"models/a.sql": "select 5\n"}, "Count on")
    project.write({"models/a.sql": "select 6\n", "models/new.sql": "select 7\n"})
    before = project.files
    with pytest.raises(RunroomError, match="the files are as they were"):
        await project.restore(version, stash=True)
    assert git_that_fails_once.exists()
    assert project.files == before
    assert git(project.folder, "stash", "list") == ""


async def test_a_folder_that_nobody_may_write_to_is_named(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    version = await edited(project)
    before = project.files
    models = project.folder / "models"
    may = os.access
    # Whoever runs the tests as root may write anywhere.
    monkeypatch.setattr(os, "access", lambda path, mode: path != models and may(path, mode))
    with pytest.raises(UsageError, match=rf"^Nothing was restored: {models} cannot be written\.$"):
        await project.restore(version)
    assert project.files == before


async def test_without_git_it_is_said_that_git_is_missing(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    version = await edited(project)
    monkeypatch.setenv("PATH", str(project.folder))
    with pytest.raises(GitNotInstalled, match="install it, or put it on the PATH"):
        await foresee(project.repository, "flights", project.folder, version)
    with pytest.raises(RunroomError, match=r"^Nothing was restored: git is not there: install it"):
        await restore(project.repository, "flights", project.folder, version, version)
