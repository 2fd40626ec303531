"""Finds the dbt and SQLMesh projects of a folder that nobody described."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.configuration.names import as_name
from engine.errors import ConfigurationError
from store.models import Project, Tool

DBT_FILE = "dbt_project.yml"
# The names that SQLMesh itself looks for; the first two are everybody's, so their content decides.
_SQLMESH_SHARED_FILES = ("config.py", "config.yml", "config.yaml")
_SQLMESH_OWN_FILES = ("sqlmesh.yml", "sqlmesh.yaml")
_SQLMESH_KEYS = re.compile(r"^(?:gateways|default_gateway|model_defaults)\s*:", re.MULTILINE)
_SQLMESH_IMPORT = re.compile(r"^\s*(?:from|import)\s+sqlmesh\b", re.MULTILINE)
# Folders that hold copies of other people's projects, or nothing of interest.
_NOT_SEARCHED = frozenset({"dbt_packages", "dbt_modules", "node_modules", "site-packages", "target", "venv"})
_DEPTH = 2
_CONFIGURATION_SIZE_LIMIT = 1_000_000


@dataclass(frozen=True, slots=True)
class Detected:
    """The projects of a folder, their paths relative to it, and what could not be used, a sentence each."""

    projects: tuple[Project, ...]
    problems: tuple[str, ...] = ()


def is_project(folder: Path) -> bool:
    """Whether the folder itself is a dbt or SQLMesh project."""
    return (folder / DBT_FILE).is_file() or sqlmesh_configuration(folder) is not None


def sqlmesh_configuration(folder: Path) -> Path | None:
    """The file by which SQLMesh would know the folder as its own."""
    for name in _SQLMESH_OWN_FILES:
        if (folder / name).is_file():
            return folder / name
    for name in _SQLMESH_SHARED_FILES:
        pattern = _SQLMESH_IMPORT if name.endswith(".py") else _SQLMESH_KEYS
        if (folder / name).is_file() and pattern.search(_beginning(folder / name)):
            return folder / name
    return None


def tool_of(folder: Path) -> Tool | None:
    """The tool of the project in this folder, None where there is no project.

    Raises ConfigurationError for a dbt project that SQLMesh runs.
    """
    sqlmesh = sqlmesh_configuration(folder)
    if not (folder / DBT_FILE).is_file():
        return "sqlmesh" if sqlmesh else None
    if sqlmesh:
        raise ConfigurationError(
            f"{folder} is a dbt project that SQLMesh runs ({sqlmesh.name} beside {DBT_FILE}), which Runroom does not "
            'drive; to run it with dbt itself, name it in runroom.toml with tool = "dbt".'
        )
    return "dbt"


def detect_projects(folder: Path) -> Detected:
    """The project in this folder or, where it is none itself, those one or two folders below."""
    places = [folder] if is_project(folder) else sorted(_below(folder, _DEPTH))
    found: list[Project] = []
    problems: list[str] = []
    for place in places:
        try:
            tool = tool_of(place)
        except ConfigurationError as error:
            problems.append(str(error))
            continue
        if tool is not None:
            found.append(_project(folder, place, tool, {project.name for project in found}))
    return Detected(tuple(found), tuple(problems))


def _below(folder: Path, depth: int) -> Iterator[Path]:
    try:
        children = [child for child in folder.iterdir() if _is_searched(child)]
    except OSError:
        return  # A folder that cannot be listed has no project that could be run.
    for child in children:
        if is_project(child):
            yield child
        elif depth > 1:
            yield from _below(child, depth - 1)


def _is_searched(child: Path) -> bool:
    return not child.name.startswith(".") and child.name not in _NOT_SEARCHED and child.is_dir()


def _project(workspace: Path, place: Path, tool: Tool, taken: set[str]) -> Project:
    name = as_name((_dbt_name(place) if tool == "dbt" else None) or place.name)
    if name in taken:
        name = as_name("_".join(place.relative_to(workspace).parts))
    return Project(
        name=name, tool=tool, path=_relative(workspace, place), python=own_interpreter(workspace, place, tool)
    )


def own_interpreter(workspace: Path, place: Path, tool: Tool) -> str | None:
    """The interpreter of a virtual environment inside the project, where the project's tool is installed in it."""
    for name in (".venv", "venv"):
        programs = place / name / "bin"
        if (programs / "python").exists() and (programs / tool).exists():
            return _relative(workspace, programs / "python")
    return None


def _relative(workspace: Path, place: Path) -> str:
    inside = place.relative_to(workspace).as_posix()
    return inside if inside == "." else f"./{inside}"


def _dbt_name(folder: Path) -> str | None:
    match = re.search(r"^name\s*:\s*[\"']?([\w\-]+)", _beginning(folder / DBT_FILE), re.MULTILINE)
    return match[1] if match else None


def _beginning(file: Path) -> str:
    try:
        with file.open(encoding="utf-8", errors="replace") as stream:
            return stream.read(_CONFIGURATION_SIZE_LIMIT)
    except OSError:
        return ""  # Unreadable: whoever runs the project will say so better than a search can.
