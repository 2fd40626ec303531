"""The web pages of commits, branches and requests."""

import pytest

from store.forge import branch_url, commit_url, forge_of


@pytest.mark.parametrize(
    ("remote", "page"),
    [
        ("git@github.com:acme/shop.git", "https://github.com/acme/shop"),
        ("https://github.com/acme/shop.git", "https://github.com/acme/shop"),
        ("https://anna@bitbucket.org/acme/shop.git", "https://bitbucket.org/acme/shop"),
        ("ssh://git@gitlab.example.org:2222/data/team/shop.git", "https://gitlab.example.org/data/team/shop"),
        ("https://gitlab.example.org:8443/data/shop", "https://gitlab.example.org:8443/data/shop"),
        ("git@github.com:acme/my shop", "https://github.com/acme/my%20shop"),
    ],
)
def test_a_remote_on_a_forge_has_a_page(remote: str, page: str) -> None:
    found = forge_of(remote)
    assert found is not None
    assert found.page == page


@pytest.mark.parametrize(
    "remote",
    [
        None,
        "",
        "/srv/git/shop.git",
        "git@example.org:acme/shop.git",
        "https://notgithub.com/a/b",
        "C:\\shop",
        "https://a\x1b.github.com/a/b",
    ],
)
def test_other_remotes_have_none(remote: str | None) -> None:
    assert forge_of(remote) is None
    assert commit_url(remote, "a1b2c3") is None
    assert branch_url(remote, "main") is None


@pytest.mark.parametrize(
    ("remote", "commit", "branch"),
    [
        ("git@github.com:a/b", "https://github.com/a/b/commit/c1", "https://github.com/a/b/tree/fix/one%231"),
        ("git@gitlab.com:a/b", "https://gitlab.com/a/b/-/commit/c1", "https://gitlab.com/a/b/-/tree/fix/one%231"),
        (
            "git@bitbucket.org:a/b",
            "https://bitbucket.org/a/b/commits/c1",
            "https://bitbucket.org/a/b/branch/fix/one%231",
        ),
    ],
)
def test_commits_and_branches_in_each_forge_s_own_way(remote: str, commit: str, branch: str) -> None:
    assert commit_url(remote, "c1") == commit
    assert branch_url(remote, "fix/one#1") == branch


def test_the_branch_of_a_request_leads_to_the_request() -> None:
    assert branch_url("git@github.com:a/b", "pull/7") == "https://github.com/a/b/pull/7"
    assert branch_url("git@gitlab.com:a/b", "merge-requests/7") == "https://gitlab.com/a/b/-/merge_requests/7"


def test_what_is_not_known_has_no_page() -> None:
    assert commit_url("git@github.com:a/b", None) is None
    assert branch_url("git@github.com:a/b", None) is None
