"""What changed from an earlier run to this one, put together from versions, graphs, requests and git."""

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from engine.git import GitError, commits_between
from engine.versions.comparison import ModelDifferences, Side, compare, diff
from engine.versions.repository import VersionFile, VersionRepository
from engine.versions.settings import PACKAGE_FILES, package_changes, setting_changes
from store.changes import CommitRecord, FileChange, FileDiff, SettingChange, VersionChanges
from store.events import Graph, GraphNode, parse_event
from store.models import EarlierRun, RunRequest
from store.paths import RunPaths

_CONFIGURATION = frozenset(
    {"dbt_project.yml", "selectors.yml", *PACKAGE_FILES, "config.yaml", "config.yml", "config.py"}
)
_GRAPH_MARK = b'"type":"graph"'
_HEAD_OF_A_LINE = 200
_MACRO_MARK = "{%"

Nodes = Mapping[str, GraphNode]


@dataclass(frozen=True, slots=True)
class Present:
    """The later of the two runs: what it was asked for, its version and, as far as they are known, its nodes."""

    request: RunRequest
    version: str
    nodes: Nodes
    commit: str | None = None
    tool_version: str | None = None


async def changes_since(
    repository: VersionRepository, earlier: EarlierRun, files: RunPaths, present: Present
) -> VersionChanges:
    """What differs from an earlier run, whose `files` are still there. Raises UnknownVersion, GitError."""
    former_nodes, request = await asyncio.to_thread(lambda: (read_nodes(files.journal), _read_request(files)))
    before, after = await repository.files(earlier.version), await repository.files(present.version)
    changed = await repository.difference(earlier.version, present.version)
    texts = await _texts(repository, before, after, {each.path for each in changed})
    found = await asyncio.to_thread(_compare, former_nodes, present.nodes, before, after, texts)
    folder = Path(present.request.project_path)
    return VersionChanges(
        run=earlier.id,
        version=earlier.version,
        models=found.changes,
        causes=found.causes,
        commits=await _commits(folder, earlier.commit, present.commit),
        undone=await _commits(folder, present.commit, earlier.commit),
        files=tuple(changed),
        configuration=_configuration(changed, *texts),
        settings=await asyncio.to_thread(setting_changes, request, present.request) if request else (),
        packages=(*_tool_change(earlier, present), *package_changes(_by_name(texts[0]), _by_name(texts[1]))),
    )


def read_nodes(journal: Path) -> Nodes:
    """The nodes of the last graph that a journal tells of, by their unique names; empty where it tells of none."""
    last: bytes | None = None
    with suppress(FileNotFoundError), journal.open("rb") as lines:
        for line in lines:
            if _GRAPH_MARK in line[:_HEAD_OF_A_LINE] and line.endswith(b"\n"):
                last = line
    event = parse_event(last) if last is not None else None
    return {node.model: node for node in event.nodes} if isinstance(event, Graph) else {}


def _read_request(files: RunPaths) -> RunRequest | None:
    with suppress(FileNotFoundError, ValueError):
        return RunRequest.model_validate_json(files.request.read_bytes())
    return None


Texts = tuple[dict[str, str], dict[str, str]]


async def _texts(
    repository: VersionRepository, before: list[VersionFile], after: list[VersionFile], changed: set[str]
) -> Texts:
    """The texts that matter of both versions, by path: what changed, the packages, and all SQL if macros did."""
    wanted = changed | set(PACKAGE_FILES)
    texts = await _read(repository, before, wanted), await _read(repository, after, wanted)
    if any(_MACRO_MARK in text for side in texts for path, text in side.items() if path in changed):
        sql = {file.path for file in (*before, *after) if file.path.endswith(".sql")}
        return await _read(repository, before, wanted | sql), await _read(repository, after, wanted | sql)
    return texts


async def _read(repository: VersionRepository, files: list[VersionFile], wanted: set[str]) -> dict[str, str]:
    listed = [file for file in files if file.path in wanted]
    contents = await repository.contents(file.blob for file in listed)
    return {file.path: contents[file.blob].decode("utf-8", "replace") for file in listed if file.blob in contents}


def _compare(
    former: Nodes, present: Nodes, before: list[VersionFile], after: list[VersionFile], texts: Texts
) -> ModelDifferences:
    blobs = {file.path: file.blob for file in before}, {file.path: file.blob for file in after}
    # A run that came to no graph is judged by that of the other, as far as its files are there.
    sides = former or _defined_in(present, blobs[0], blobs[1]), present or _defined_in(former, blobs[1], blobs[0])
    return compare(Side(sides[0], blobs[0], texts[0]), Side(sides[1], blobs[1], texts[1]))


def _defined_in(nodes: Nodes, files: Mapping[str, str], other: Mapping[str, str]) -> Nodes:
    return {model: node for model, node in nodes.items() if node.file in files or node.file not in other}


async def _commits(folder: Path, before: str | None, after: str | None) -> tuple[CommitRecord, ...]:
    if before is None or after is None or before == after:
        return ()
    with suppress(GitError):  # a history that was rewritten has nothing to tell
        return await commits_between(folder, before, after)
    return ()


def _configuration(
    changed: Iterable[FileChange], before: dict[str, str], after: dict[str, str]
) -> tuple[FileDiff, ...]:
    return tuple(
        FileDiff(path=each.path, diff=diff(each.path, before.get(each.path, ""), after.get(each.path, "")))
        for each in changed
        if each.path in _CONFIGURATION
    )


def _by_name(texts: Mapping[str, str]) -> dict[str, str]:
    return {path: text for path, text in texts.items() if PurePosixPath(path).name == path}


def _tool_change(earlier: EarlierRun, present: Present) -> tuple[SettingChange, ...]:
    if not earlier.tool_version or not present.tool_version or earlier.tool_version == present.tool_version:
        return ()
    return (SettingChange(name=present.request.tool, before=earlier.tool_version, after=present.tool_version),)
