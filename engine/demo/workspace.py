"""Makes the demo workspace: data, two projects and a `runroom.toml`, complete and never overwritten."""

import tempfile
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from engine.demo.data import locate_data, write_tables
from engine.errors import UsageError

PROJECTS = ("flights", "flights_mesh")

_CONFIGURATION = "runroom.toml"
_PENDING = "flights_mesh_pending"
_OWN_ENTRIES = {"data", "warehouse", ".runroom", *PROJECTS}
_MARKS_OF_A_DEMO = {"data", *PROJECTS}  # a user may have deleted one to have it made anew
_TEMPORARY_PREFIX = ".unfinished-"
# What the tools leave beside the sources when a shipped project is run where it lies.
_LEFT_BY_TOOLS = {"__pycache__", ".cache", "target", "logs", ".user.yml"}


class DemoFolderTaken(UsageError):
    """The folder holds something that the demo did not make. Nothing was changed."""


@dataclass(frozen=True)
class DemoWorkspace:
    """A complete demo workspace: its folder, whether it is new, and the rows of each table of its data."""

    folder: Path
    created: bool
    data_rows: dict[str, int]


def make_demo(folder: Path) -> DemoWorkspace:
    """Make the demo workspace in `folder`, or complete the one that is there.

    What exists stays as it is: history, data, a project with a user's edits. Each part appears whole or not
    at all, and the configuration last, so that a broken-off attempt is finished by the next one.
    Raises DemoUnavailable without the data package, DemoFolderTaken when `folder` holds something else.
    """
    source = locate_data()
    _refuse_foreign_folder(folder)
    folder.mkdir(parents=True, exist_ok=True)
    rows = write_tables(source, folder / "data")
    (folder / "warehouse").mkdir(exist_ok=True)
    for project in PROJECTS:
        _add_project(_shipped() / project, folder / project)
    created = not (folder / _CONFIGURATION).exists()
    if created:
        _replace(folder / _CONFIGURATION, (_shipped() / _CONFIGURATION).read_bytes())
    return DemoWorkspace(folder=folder, created=created, data_rows=rows)


def apply_pending_change(folder: Path) -> tuple[Path, ...]:
    """Give the SQLMesh project of the demo in `folder` an edit that waits to be planned.

    For the time after the first plan of prod. Where a file of the edit was changed since it was shipped, the
    edit is already there or the user is at work: then nothing is touched. Answers with the files written.
    """
    project = folder / "flights_mesh"
    edit = _read_tree(_shipped() / _PENDING)
    original = _read_tree(_shipped() / "flights_mesh")
    if any(_content(project / name) != original.get(name) for name in edit):
        return ()
    for name, content in edit.items():
        _replace(project / name, content)
    return tuple(project / name for name in edit)


def _shipped() -> Traversable:
    return files("engine.demo") / "projects"


def _refuse_foreign_folder(folder: Path) -> None:
    if not folder.exists():
        return
    if not folder.is_dir():
        raise DemoFolderTaken(f"{folder} is a file: name a new or empty folder for the demo.")
    entries = {entry.name for entry in folder.iterdir() if not entry.name.startswith(_TEMPORARY_PREFIX)}
    is_demo = _CONFIGURATION in entries and len(entries & _MARKS_OF_A_DEMO) > 1
    if not is_demo and not entries <= _OWN_ENTRIES:
        raise DemoFolderTaken(
            f"{folder} holds other files, {min(entries - _OWN_ENTRIES)} for one:"
            " name a new or empty folder for the demo."
        )


def _add_project(source: Traversable, target: Path) -> None:
    """Copy a shipped project to where there is none, through a temporary folder and a rename."""
    if target.exists():
        return
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=_TEMPORARY_PREFIX) as temporary:
        copy = Path(temporary) / target.name
        for name, content in _read_tree(source).items():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).write_bytes(content)
        copy.rename(target)


def _read_tree(source: Traversable, prefix: str = "") -> dict[str, bytes]:
    """The files under a shipped folder by their relative path, in a stable order."""
    tree: dict[str, bytes] = {}
    for entry in sorted(source.iterdir(), key=lambda item: item.name):
        name = f"{prefix}{entry.name}"
        if entry.name in _LEFT_BY_TOOLS:
            continue
        if entry.is_dir():
            tree |= _read_tree(entry, f"{name}/")
        else:
            tree[name] = entry.read_bytes()
    return tree


def _content(path: Path) -> bytes | None:
    """A file's content; None where there is no file, as a file that is yet to be added has none."""
    return path.read_bytes() if path.is_file() else None


def _replace(path: Path, content: bytes) -> None:
    """Write a file in one step, so that nobody reads half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=_TEMPORARY_PREFIX) as temporary:
        copy = Path(temporary) / path.name
        copy.write_bytes(content)
        copy.rename(path)
