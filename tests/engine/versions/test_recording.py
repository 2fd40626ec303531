"""A version holds the project's files as they are: all that git would keep, byte by byte, and no more."""

import asyncio
from pathlib import Path

import pytest

from engine.git import GitNotInstalled
from engine.versions import listing
from engine.versions.recording import forget_run, left_out, record, record_run, run_reference
from engine.versions.repository import UnknownVersion, VersionRepository
from store.changes import FileChange
from tests.support.repositories import git, make_repository


@pytest.fixture
def repository(tmp_path: Path) -> VersionRepository:
    """A repository that is yet to be made."""
    return VersionRepository(tmp_path / ".runroom" / "versions.git")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder that is in no repository."""
    return tmp_path / "flights"


def write(folder: Path, files: dict[str, str]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode())


async def paths_of(repository: VersionRepository, version: str) -> list[str]:
    return [file.path for file in await repository.files(version)]


async def test_files_outside_of_git(repository: VersionRepository, project: Path) -> None:
    write(
        project,
        {
            "models/a.sql": "select 1\r\n",
            "target/manifest.json": "{}",
            "x.duckdb": "data",
            ".gitignore": "mine.txt\n",
            "mine.txt": "",
            "dbt_packages/p/m.sql": "select",
            "profiles.yml": "password: x",
            ".env": "TOKEN=x",
            ".runroom/store.db": "x",
        },
    )
    (project / "linked.sql").symlink_to("models/a.sql")
    (project / "elsewhere").symlink_to("/")

    recorded = await record_run(repository, project, 1)

    files = {file.path: file for file in await repository.files(recorded.version)}
    assert list(files) == [".gitignore", "elsewhere", "linked.sql", "models/a.sql"]
    assert files["elsewhere"].is_link
    contents = await repository.contents(file.blob for file in files.values())
    assert contents[files["models/a.sql"].blob] == b"select 1\r\n"
    assert contents[files["linked.sql"].blob] == b"models/a.sql"


async def test_files_of_a_git_repository(repository: VersionRepository, tmp_path: Path) -> None:
    top = tmp_path / "monorepo"
    attributes = "*.sql text eol=crlf\n"
    make_repository(top, {".gitignore": "ignored/\n", ".gitattributes": attributes, "flights/a.sql": "select 1\n"})
    write(top / "flights", {"new.sql": "select 2\n", "ignored/x.sql": "select 3", "target/tracked.sql": "select 4"})
    (top / "flights" / "deleted.sql").write_text("")
    git(top, "add", "flights/deleted.sql")
    (top / "flights" / "deleted.sql").unlink()

    recorded = await record_run(repository, top / "flights", 1)

    assert await paths_of(repository, recorded.version) == ["a.sql", "new.sql", "target/tracked.sql"]
    assert git(top, "status", "--short", "--", "flights/a.sql") == ""


async def test_a_repository_inside_the_project_is_recorded_by_its_files(
    repository: VersionRepository, project: Path
) -> None:
    make_repository(project, {"a.sql": "select 1"})
    make_repository(project / "vendored", {"b.sql": "select 2", ".gitignore": "c.sql"})
    write(project, {"vendored/c.sql": "select 3"})

    recorded = await record_run(repository, project, 1)

    assert await paths_of(repository, recorded.version) == ["a.sql", "vendored/.gitignore", "vendored/b.sql"]


async def test_the_same_files_are_the_same_version(repository: VersionRepository, project: Path) -> None:
    write(project, {"a.sql": "select 1", "b.sql": "select 2"})
    first = await record_run(repository, project, 1)
    write(project, {"a.sql": "select 3"})
    second = await record_run(repository, project, 2)
    write(project, {"a.sql": "select 1"})
    third = await record_run(repository, project, 3)

    assert first.version == third.version != second.version
    assert await repository.difference(first.version, second.version) == [FileChange(path="a.sql", change="modified")]


async def test_files_that_went_or_became_folders(repository: VersionRepository, project: Path) -> None:
    write(project, {"a.sql": "select 1", "b": "a file"})
    await record_run(repository, project, 1)
    (project / "a.sql").unlink()
    (project / "b").unlink()
    write(project, {"b/c.sql": "select 2"})

    assert await paths_of(repository, (await record_run(repository, project, 2)).version) == ["b/c.sql"]


async def test_what_is_too_large_is_left_out_and_named(
    repository: VersionRepository, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "FILE_LIMIT", 100)
    monkeypatch.setattr(listing, "TOTAL_LIMIT", 150)
    write(project, {"huge.csv": "x" * 101, "large.csv": "x" * 90, "middle.csv": "x" * 80, "small.csv": "x"})

    recorded = await record_run(repository, project, 1)

    assert await paths_of(repository, recorded.version) == ["middle.csv", "small.csv"]
    assert (recorded.listing.notice or "").endswith(": huge.csv, large.csv.")
    messages = await repository.messages_of(recorded.version)
    assert [left_out(message) for message in messages] == [{"huge.csv", "large.csv"}]


async def test_a_name_that_is_no_text_is_left_out(repository: VersionRepository, project: Path) -> None:
    write(project, {"a.sql": "select 1"})
    (project / "b\udcff.sql").write_text("select 2")

    recorded = await record_run(repository, project, 1)

    assert await paths_of(repository, recorded.version) == ["a.sql"]
    assert recorded.listing.left_out == (r"b\xff.sql",)


async def test_an_empty_project_has_a_version(repository: VersionRepository, project: Path) -> None:
    project.mkdir()

    assert await paths_of(repository, (await record_run(repository, project, 1)).version) == []


async def test_many_runs_may_begin_at_once(repository: VersionRepository, project: Path) -> None:
    write(project, {"a.sql": "select 1"})

    recorded = await asyncio.gather(*(record_run(repository, project, run) for run in range(1, 7)))

    assert len({each.version for each in recorded}) == 1
    assert all([await repository.commit_of(run_reference(run)) for run in range(1, 7)])


async def test_a_version_outlives_a_clean_up_until_its_run_is_forgotten(
    repository: VersionRepository, project: Path
) -> None:
    write(project, {"a.sql": "select 1"})
    version = (await record_run(repository, project, 1)).version
    git(repository.folder, "gc", "--quiet", "--prune=now")
    assert await paths_of(repository, version) == ["a.sql"]

    await forget_run(repository, 1)
    git(repository.folder, "gc", "--quiet", "--prune=now")

    with pytest.raises(UnknownVersion):
        await repository.files(version)


async def test_trying_something_out_leaves_nothing(repository: VersionRepository, project: Path) -> None:
    write(project, {"a.sql": "select 1"})
    await record_run(repository, project, 1)
    write(project, {"a.sql": "select 2"})
    before = sorted(repository.folder.rglob("*"))

    async with repository.trying() as scratch:
        tried = (await record(scratch, project)).version
        assert await paths_of(scratch, tried) == ["a.sql"]

    assert sorted(repository.folder.rglob("*")) == before


async def test_without_git_there_is_no_version(
    repository: VersionRepository, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.mkdir()
    monkeypatch.setenv("PATH", "")

    with pytest.raises(GitNotInstalled):
        await record_run(repository, project, 1)
