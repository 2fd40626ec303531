"""The files that a run left: as a list, as a tree, by part of the name. Values in, values out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from store import wording
from store.models import Artifact
from store.text import one_line
from tui import formats


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


@dataclass(frozen=True, slots=True)
class FolderRow:
    """A folder in the tree."""

    path: str
    depth: int
    is_open: bool
    count: int
    size: int

    @property
    def key(self) -> str:
        """No file has it: a file's path does not end so."""
        return f"{self.path}/"


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file, in the list by its path, in the tree by its name."""

    artifact: Artifact
    depth: int = 0
    by_name: bool = False

    @property
    def key(self) -> str:
        """Its path."""
        return self.artifact.path


Row = FolderRow | FileRow


def list_rows(artifacts: Iterable[Artifact]) -> list[Row]:
    """The flat list."""
    return [FileRow(artifact) for artifact in artifacts]


def tree_rows(artifacts: Sequence[Artifact], closed: frozenset[str]) -> list[Row]:
    """The tree from top to bottom, folders first; those in `closed` keep what is in them."""
    return _rows_of(as_tree(artifacts), closed, depth=0)


def cells(row: Row, width: int) -> dict[str, Text]:
    """What each column shows of a row; `width` is that of the name, of which the end matters most."""
    if isinstance(row, FolderRow):
        name = f"{'  ' * row.depth}{'▾' if row.is_open else '▸'} {one_line(PurePosixPath(row.path).name)}/"
        size = Text(wording.byte_size(row.size), formats.MUTED)
        return {"name": Text(name, "bold"), "kind": Text(wording.counted(row.count, "file"), "dim"), "size": size}
    path = row.artifact.path
    name = PurePosixPath(path).name if row.by_name else path
    indent = "  " * row.depth + ("  " if row.by_name else "")
    return {
        "name": Text(indent + end_of(one_line(name), width - len(indent))),
        "kind": Text(one_line(row.artifact.kind), formats.MUTED),
        "size": Text(wording.byte_size(row.artifact.size)),
    }


def end_of(text: str, width: int) -> str:
    """The text in at most so many cells; of a path the end matters most."""
    return text if cell_len(text) <= width else f"…{set_cell_size(text[::-1], max(0, width - 1))[::-1].lstrip()}"


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


def _rows_of(folder: Folder, closed: frozenset[str], depth: int) -> list[Row]:
    rows: list[Row] = []
    for child in sorted(folder.folders.values(), key=lambda child: child.name):
        is_open = child.path not in closed
        rows.append(FolderRow(child.path, depth, is_open, child.count, child.size))
        if is_open:
            rows += _rows_of(child, closed, depth + 1)
    return rows + [FileRow(file, depth, by_name=True) for file in folder.files]
