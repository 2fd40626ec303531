"""The remotes of git projects as people write them."""

import re
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

_TOKEN = re.compile(r"gh[pousr]_|github_pat_|glpat-|x-token-auth|oauth2")
# Git's own rule: `host:path` is a remote unless a slash comes before the colon.
_HOST_AND_PATH = re.compile(r"[^/]+:.")


def remote_of(text: str, folder: Path) -> str:
    """The remote as git is to be given it; a local path counts from this folder.

    Raises ValueError with a sentence for what is none, or carries a secret: git has its own places for these.
    """
    if text.startswith("-"):
        raise ValueError(f'"{text}" is no remote; write an address or a path.')
    if "://" not in text:
        return text if _HOST_AND_PATH.match(text) else str((folder / Path(text).expanduser()).resolve())
    parts = urlsplit(text)
    if parts.password is not None or _TOKEN.match(parts.username or ""):
        raise ValueError(
            "the address carries a password or token; leave it to git, which has credential helpers and SSH keys."
        )
    return text


def is_a_path(remote: str) -> bool:
    """Whether a remote is a folder of this machine."""
    return remote.startswith("file://") or ("://" not in remote and not _HOST_AND_PATH.match(remote))


def folder_inside(text: str | None) -> PurePosixPath:
    """The project's folder in its repository. Raises ValueError with a sentence for one that is not in it."""
    inside = PurePosixPath(text or ".")
    if inside.is_absolute() or ".." in inside.parts:
        raise ValueError(f"{text} is not inside the repository; path counts from its top folder.")
    return inside
