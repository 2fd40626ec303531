"""A bare repository on disk that plays the remote, and somebody's clone that pushes to it."""

from dataclasses import dataclass
from pathlib import Path

from tests.support.repositories import commit, git, make_repository


@dataclass(frozen=True)
class Remote:
    """The remote `shop.git` and Anna's clone beside it."""

    folder: Path

    @property
    def path(self) -> Path:
        """The bare repository."""
        return self.folder / "shop.git"

    @property
    def clone(self) -> Path:
        """Where Anna works."""
        return self.folder / "anna"

    def make(self, files: dict[str, str]) -> str:
        """The remote with these files on `main`; returns the commit."""
        sha = make_repository(self.clone, files)
        git(self.folder, "init", "--quiet", "--bare", "--initial-branch", "main", str(self.path))
        git(self.clone, "remote", "add", "origin", str(self.path))
        git(self.clone, "push", "--quiet", "origin", "main")
        return sha

    def push(self, files: dict[str, str], message: str, ref: str = "refs/heads/main") -> str:
        """Commits files and pushes the commit to a ref of the remote; returns it."""
        sha = commit(self.clone, files, message)
        git(self.clone, "push", "--quiet", "--force", "origin", f"HEAD:{ref}")
        return sha
