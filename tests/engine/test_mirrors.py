"""Remotes are mirrored with real git."""

import asyncio
import socket
from pathlib import Path

import pytest

from engine import mirrors
from engine.git import GitError
from engine.mirrors import bring_up_to_date, fetch_head, is_mirrored, remote_heads, without_credentials
from store.models import Mirror
from store.paths import WorkspacePaths
from tests.support.remotes import Remote
from tests.support.repositories import git, make_repository


@pytest.fixture
def remote(tmp_path: Path) -> Remote:
    """A remote with one file."""
    found = Remote(tmp_path)
    found.make({"model.sql": "select 1"})
    return found


@pytest.fixture
def paths(tmp_path: Path) -> WorkspacePaths:
    """A workspace without anything in it."""
    return WorkspacePaths(tmp_path / "workspace")


def mirror_of(paths: WorkspacePaths, remote: Path) -> Mirror:
    return Mirror(url=str(remote), folder=str(paths.mirror("shop")), checkout=str(paths.default_checkout("shop")))


def checked_out(paths: WorkspacePaths) -> str:
    return (paths.default_checkout("shop") / "model.sql").read_text()


async def test_a_remote_is_cloned_and_then_kept_up_to_date(remote: Remote, paths: WorkspacePaths) -> None:
    mirror = mirror_of(paths, remote.path)
    assert not is_mirrored(paths, "shop")
    assert await bring_up_to_date(mirror)
    assert is_mirrored(paths, "shop")
    assert checked_out(paths) == "select 1"
    assert not await bring_up_to_date(mirror)

    remote.push({"model.sql": "select 2"}, "Count")

    assert await bring_up_to_date(mirror)
    assert checked_out(paths) == "select 2"


async def test_what_a_tool_left_beside_the_files_stays(remote: Remote, paths: WorkspacePaths) -> None:
    mirror = mirror_of(paths, remote.path)
    await bring_up_to_date(mirror)
    (paths.default_checkout("shop") / "shop.duckdb").write_text("rows")
    remote.push({"model.sql": "select 2"}, "Count")

    await bring_up_to_date(mirror)

    assert (paths.default_checkout("shop") / "shop.duckdb").read_text() == "rows"


async def test_two_that_want_it_at_once_do_not_meet(remote: Remote, paths: WorkspacePaths) -> None:
    mirror = mirror_of(paths, remote.path)
    assert sorted(await asyncio.gather(*(bring_up_to_date(mirror) for _ in range(3)))) == [False, False, True]


async def test_another_default_branch_is_followed(remote: Remote, paths: WorkspacePaths) -> None:
    mirror = mirror_of(paths, remote.path)
    await bring_up_to_date(mirror)
    remote.push({"model.sql": "select 2"}, "Count", "refs/heads/trunk")
    git(remote.path, "symbolic-ref", "HEAD", "refs/heads/trunk")
    git(remote.path, "branch", "-D", "main")

    assert await bring_up_to_date(mirror)
    assert checked_out(paths) == "select 2"


async def test_another_address_is_taken_up(tmp_path: Path, remote: Remote, paths: WorkspacePaths) -> None:
    await bring_up_to_date(mirror_of(paths, remote.path))
    make_repository(tmp_path / "other", {"model.sql": "select 9"})

    assert await bring_up_to_date(mirror_of(paths, tmp_path / "other"))
    assert checked_out(paths) == "select 9"


async def test_a_remote_that_is_not_there_is_one_sentence(tmp_path: Path, paths: WorkspacePaths) -> None:
    with pytest.raises(GitError, match=r"^repository '.*nowhere.git' does not exist$"):
        await bring_up_to_date(mirror_of(paths, tmp_path / "nowhere.git"))
    assert not is_mirrored(paths, "shop")


async def test_a_remote_that_does_not_answer_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mirrors, "_ANSWER_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        remote = f"git://127.0.0.1:{silent.getsockname()[1]}/shop.git"
        with pytest.raises(GitError, match=r"^git ls-remote did not end within 0\.2 s$"):
            await remote_heads(tmp_path, remote)


async def test_branches_and_requests_are_listed_and_nothing_else(remote: Remote, tmp_path: Path) -> None:
    sha = remote.push({"model.sql": "select 2"}, "Try", "refs/pull/7/head")
    git(remote.clone, "push", "--quiet", "origin", "HEAD:refs/merge-requests/3/head", "HEAD:refs/tags/v1")
    git(remote.clone, "push", "--quiet", "origin", "HEAD:refs/pull/7/merge")

    heads = await remote_heads(tmp_path, str(remote.path))

    assert heads.keys() == {"refs/heads/main", "refs/pull/7/head", "refs/merge-requests/3/head"}
    assert heads["refs/pull/7/head"] == heads["refs/merge-requests/3/head"] == sha


async def test_fetching_a_head_touches_no_ref_of_somebody_s_repository(remote: Remote, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", str(remote.path), "mine")
    mine = tmp_path / "mine"
    before = git(mine, "for-each-ref")
    sha = remote.push({"model.sql": "select 2"}, "Count")

    await fetch_head(mine, "refs/heads/main")

    assert git(mine, "cat-file", "-t", sha) == "commit"
    assert git(mine, "for-each-ref") == before


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://anna:secret@example.org:8443/shop.git", "https://example.org:8443/shop.git"),
        ("git@github.com:acme/shop.git", "git@github.com:acme/shop.git"),
        ("/srv/git/shop.git", "/srv/git/shop.git"),
    ],
)
def test_credentials_are_not_shown(url: str, shown: str) -> None:
    assert without_credentials(url) == shown
