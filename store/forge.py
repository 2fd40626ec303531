"""Where commits and branches can be looked at on the web, from the address of a remote: pure.

A host is a known forge when its name says so (`github.com`, `gitlab.example.org`, `bitbucket.org`); the paths are those
of the forges' own web pages.
"""

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, urlsplit

Kind = Literal["github", "gitlab", "bitbucket"]

# Of SSH: `git@github.com:owner/name.git`.
_HOST_AND_PATH = re.compile(r"(?:[^@/:]+@)?(?P<host>[A-Za-z0-9.-]+):(?P<path>[^/].*)")
_HOST = re.compile(r"[A-Za-z0-9.-]+(?::\d+)?")
_COMMITS: dict[Kind, str] = {"github": "commit", "gitlab": "-/commit", "bitbucket": "commits"}
_BRANCHES: dict[Kind, str] = {"github": "tree", "gitlab": "-/tree", "bitbucket": "branch"}
_REQUEST = re.compile(r"(pull|merge-requests)/(\d+)")
_REQUESTS = {"pull": "pull", "merge-requests": "-/merge_requests"}


@dataclass(frozen=True, slots=True)
class Forge:
    """A repository on a forge, by the address of its web page."""

    kind: Kind
    page: str


def forge_of(remote: str | None) -> Forge | None:
    """The forge that a remote is on; None for a path, and for a host that is not known as one."""
    host, path = _parts(remote or "")
    kind = _kind(host)
    path = path.strip("/").removesuffix(".git")
    if kind is None or "/" not in path:
        return None
    return Forge(kind, f"https://{host}/{quote(path)}")


def commit_url(remote: str | None, commit: str | None) -> str | None:
    """The page of a commit."""
    forge = forge_of(remote)
    return f"{forge.page}/{_COMMITS[forge.kind]}/{quote(commit)}" if forge is not None and commit else None


def branch_url(remote: str | None, branch: str | None) -> str | None:
    """The page of a branch, or of the request where the branch is given as `pull/7` or `merge-requests/7`."""
    forge = forge_of(remote)
    if forge is None or not branch:
        return None
    request = _REQUEST.fullmatch(branch)
    if request is not None:
        return f"{forge.page}/{_REQUESTS[request[1]]}/{request[2]}"
    return f"{forge.page}/{_BRANCHES[forge.kind]}/{quote(branch)}"


def _parts(remote: str) -> tuple[str, str]:
    """Host and path. A port is SSH's own and no part of the page; that of HTTP is."""
    if "://" in remote:
        parts = urlsplit(remote)
        port = f":{parts.port}" if parts.port and parts.scheme in ("http", "https") else ""
        return f"{parts.hostname or ''}{port}", parts.path
    match = _HOST_AND_PATH.fullmatch(remote)
    return (match["host"], match["path"]) if match else ("", "")


def _kind(host: str) -> Kind | None:
    if _HOST.fullmatch(host) is None:
        return None
    labels = host.lower().partition(":")[0].split(".")
    kinds: tuple[Kind, ...] = ("github", "gitlab", "bitbucket")
    return next((kind for kind in kinds if kind in labels), None)
