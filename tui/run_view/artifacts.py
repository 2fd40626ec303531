"""The files that a run left: as a list, as a tree, by part of the name. Values in, values out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from store.models import Artifact


@dataclass(slots=True)
class Folder:
    """A folder of artifacts; `path` is relative to the run's folder, empty for that folder itself."""

    path: str
    folders: dict[str, "Folder"] = field(default_factory=dict)
    files: list[Artifact] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The last part of its path."""
        return PurePosixPath(self.path).name

    @property
    def size(self) -> int:
        """Bytes of all files below."""
        return sum(file.size for file in self.files) + sum(folder.size for folder in self.folders.values())

    @property
    def count(self) -> int:
        """How many files are below."""
        return len(self.files) + sum(folder.count for folder in self.folders.values())


def matching(artifacts: Iterable[Artifact], searched: str) -> list[Artifact]:
    """The artifacts whose path has every word of `searched` in it, upper and lower case alike, by path."""
    words = searched.lower().split()
    found = [artifact for artifact in artifacts if all(word in artifact.path.lower() for word in words)]
    return sorted(found, key=lambda artifact: artifact.path)


def as_tree(artifacts: Sequence[Artifact]) -> Folder:
    """The artifacts in their folders."""
    root = Folder("")
    for artifact in artifacts:
        folder = root
        for part in PurePosixPath(artifact.path).parent.parts:
            path = f"{folder.path}/{part}" if folder.path else part
            folder = folder.folders.setdefault(part, Folder(path))
        folder.files.append(artifact)
    return root
