"""The refs under which forges keep branches and requests: pure."""

import re

from engine.api.settings import Provider

_BRANCH = "refs/heads/"
# GitHub's `refs/pull/7/head`, GitLab's `refs/merge-requests/7/head`.
_REQUEST = re.compile(r"refs/(pull|merge-requests)/(\d+)/head")
_FOLDERS: dict[Provider, str] = {"github": "pull", "gitlab": "merge-requests"}


def branch_ref(branch: str) -> str:
    """The full ref of a branch."""
    return f"{_BRANCH}{branch}"


def request_ref(provider: Provider, number: int) -> str:
    """The full ref of the head of a pull or merge request."""
    return f"refs/{_FOLDERS[provider]}/{number}/head"


def branch_of(ref: str) -> str | None:
    """The branch that a ref is of, None where it is of none."""
    return ref.removeprefix(_BRANCH) if ref.startswith(_BRANCH) else None


def request_of(ref: str) -> int | None:
    """The number of the request whose head a ref is, None where it is none."""
    match = _REQUEST.fullmatch(ref)
    return int(match[2]) if match else None


def shown_ref(ref: str) -> str:
    """A ref as people read it: `main`, `pull/7`."""
    match = _REQUEST.fullmatch(ref)
    return f"{match[1]}/{match[2]}" if match else ref.removeprefix(_BRANCH)
